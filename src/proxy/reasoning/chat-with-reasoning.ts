import { Injectable } from '@nestjs/common';
import { from, tap, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../../providers/chat/chat.js';
import type { ChatMessage } from '../../providers/chat/chat-api.js';
import type { Target } from '../../providers/contract/target.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { ReasoningMemory, scopeOf } from './reasoning-memory.js';

/** A request in the canonical form, ready to be sent to any target. */
export interface ChatSource {
  readonly messages: readonly ChatMessage[];
  /** @param messages where they are not the source's own */
  requestFor(target: RouteTarget, messages?: ChatMessage[]): ChatRequest;
}

/** Whom to ask, and for which client. */
export interface ChatAddress {
  readonly target: RouteTarget;
  readonly to: Target;
  readonly clientId: string;
}

/**
 * Asks in the canonical form, whatever dialect the client speaks. A provider that wants a turn's
 * reasoning back gets it, also from clients that did not keep it.
 */
@Injectable()
export class ChatWithReasoning {
  constructor(private readonly memory: ReasoningMemory) {}

  /** Errors with `ProviderError`. */
  answer(source: ChatSource, { target, to, clientId }: ChatAddress): Observable<ChatResponse> {
    const { provider } = target;
    if (provider.wantsReasoningBack !== true) {
      return from(provider.chat(source.requestFor(target), to));
    }
    const scope = scopeOf(clientId, target);
    const request = source.requestFor(target, this.memory.restore(scope, source.messages));
    return from(provider.chat(request, to)).pipe(
      tap((answer) => this.memory.rememberAnswer(scope, answer)),
    );
  }

  /** Errors with `ProviderError`. */
  stream(source: ChatSource, { target, to, clientId }: ChatAddress): Observable<ChatChunk> {
    const { provider } = target;
    if (provider.wantsReasoningBack !== true) {
      return provider.streamChat(source.requestFor(target), to);
    }
    const scope = scopeOf(clientId, target);
    const request = source.requestFor(target, this.memory.restore(scope, source.messages));
    return provider.streamChat(request, to).pipe(this.memory.rememberStream(scope));
  }
}
