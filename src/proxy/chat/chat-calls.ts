import { Injectable } from '@nestjs/common';
import { from, tap, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../../providers/chat/chat.js';
import type { ChatMessage } from '../../providers/chat/chat-api.js';
import { wantsReasoningBack } from '../../providers/contract/provider.js';
import type { Target } from '../../providers/contract/target.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { ReasoningMemory, scopeOf, type ReasoningScope } from '../reasoning/reasoning-memory.js';

/** A request in the canonical form, from whichever dialect. */
export interface CanonicalRequest {
  /** Not to be changed, because another target may need them as they are. */
  readonly messages: readonly ChatMessage[];
  /** @param messages in place of its own */
  requestFor(target: RouteTarget, messages?: ChatMessage[]): ChatRequest;
}

export interface ChatCall {
  readonly request: CanonicalRequest;
  readonly target: RouteTarget;
  readonly to: Target;
  readonly clientId: string;
}

/** Asks in the canonical form, and gives vendors back the reasoning that their clients lose. */
@Injectable()
export class ChatCalls {
  constructor(private readonly reasoning: ReasoningMemory) {}

  /** Cold, as every `Ask`. */
  answer(call: ChatCall): Observable<ChatResponse> {
    const { request, target, to } = call;
    const { provider } = target;
    if (!wantsReasoningBack(provider, target.instance)) {
      return from(provider.chat(request.requestFor(target), to));
    }
    const scope = scopeOf(call.clientId, target);
    return from(provider.chat(this.#restored(call, scope), to)).pipe(
      tap((answer) => this.reasoning.rememberAnswer(scope, answer)),
    );
  }

  stream(call: ChatCall): Observable<ChatChunk> {
    const { request, target, to } = call;
    const { provider } = target;
    if (!wantsReasoningBack(provider, target.instance)) {
      return provider.streamChat(request.requestFor(target), to);
    }
    const scope = scopeOf(call.clientId, target);
    return provider
      .streamChat(this.#restored(call, scope), to)
      .pipe(this.reasoning.rememberStream(scope));
  }

  #restored({ request, target }: ChatCall, scope: ReasoningScope): ChatRequest {
    return request.requestFor(target, this.reasoning.restore(scope, request.messages));
  }
}
