import { Injectable } from '@nestjs/common';
import { from, tap } from 'rxjs';
import type { ChatDelta, ChatRequest } from '../../providers/chat/chat.js';
import { wantsReasoningBack } from '../../providers/contract/provider.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import { ReasoningMemory, scopeOf, type ReasoningScope } from '../reasoning/reasoning-memory.js';
import type { Ask, Route, StreamSettings, WholeAnswer } from '../route.js';
import { ChatInput } from './chat-input.js';
import { ChatStream } from './chat-stream.js';

/** `POST /v1/chat/completions`: the canonical form itself. */
@Injectable()
export class ChatRoute implements Route<ChatInput> {
  readonly dialect = 'chat';

  readonly #chat: Ask<ChatInput, WholeAnswer> = (target, to, call) => {
    const { provider } = target;
    if (!wantsReasoningBack(provider, target.instance)) {
      return from(provider.chat(call.input.requestFor(target), to));
    }
    const scope = scopeOf(call.exchange.principal.clientId, target);
    return from(provider.chat(this.#requestFor(scope, target, call), to)).pipe(
      tap((answer) => this.reasoning.rememberAnswer(scope, answer)),
    );
  };

  readonly #streaming: Streaming<ChatInput, ChatDelta> = {
    ask: (target, to, call) => {
      const { provider } = target;
      if (!wantsReasoningBack(provider, target.instance)) {
        return provider.streamChat(call.input.requestFor(target), to);
      }
      const scope = scopeOf(call.exchange.principal.clientId, target);
      return provider
        .streamChat(this.#requestFor(scope, target, call), to)
        .pipe(this.reasoning.rememberStream(scope));
    },
    write: (events, { input }) => new ChatStream(events, input.wantsUsage),
  };

  constructor(private readonly reasoning: ReasoningMemory) {}

  read(body: JsonBody): ChatInput {
    return new ChatInput(body);
  }

  answer(call: Call<ChatInput>, streams: StreamSettings): Promise<void> {
    return call.input.stream
      ? answerStream(call, this.#streaming, streams)
      : answerUnary(call, this.#chat);
  }

  #requestFor(scope: ReasoningScope, target: RouteTarget, { input }: Call<ChatInput>): ChatRequest {
    return input.requestFor(target, this.reasoning.restore(scope, input.messages));
  }
}
