import { Injectable } from '@nestjs/common';
import type { ChatDelta } from '../../providers/chat/chat.js';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import type { Ask, Route, StreamSettings, WholeAnswer } from '../route.js';
import { ChatCalls } from './chat-calls.js';
import { ChatInput } from './chat-input.js';
import { ChatStream } from './chat-stream.js';

/** `POST /v1/chat/completions`: the canonical form itself. */
@Injectable()
export class ChatRoute implements Route<ChatInput> {
  readonly dialect = 'chat';
  readonly takesModels = true;

  readonly #chat: Ask<ChatInput, WholeAnswer> = (target, to, { input, exchange }) =>
    this.calls.answer({ request: input, target, to, clientId: exchange.principal.clientId });

  readonly #streaming: Streaming<ChatInput, ChatDelta> = {
    ask: (target, to, { input, exchange }) =>
      this.calls.stream({ request: input, target, to, clientId: exchange.principal.clientId }),
    write: (events, { input }) => new ChatStream(events, input.wantsUsage),
  };

  constructor(private readonly calls: ChatCalls) {}

  read(body: JsonBody): ChatInput {
    return new ChatInput(body);
  }

  answer(call: Call<ChatInput>, streams: StreamSettings): Promise<void> {
    return call.input.stream
      ? answerStream(call, this.#streaming, streams)
      : answerUnary(call, this.#chat);
  }
}
