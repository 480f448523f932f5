import { Injectable } from '@nestjs/common';
import { from } from 'rxjs';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import type { Ask, Route, StreamSettings, WholeAnswer } from '../route.js';
import { ChatInput } from './chat-input.js';
import { ChatStream } from './chat-stream.js';

/** `POST /v1/chat/completions`: the canonical form itself. */
@Injectable()
export class ChatRoute implements Route<ChatInput> {
  readonly dialect = 'chat';

  readonly #chat: Ask<ChatInput, WholeAnswer> = (target, to, { input }) =>
    from(target.provider.chat(input.requestFor(target), to));

  readonly #streaming: Streaming<ChatInput> = {
    ask: (target, to, { input }) => target.provider.streamChat(input.requestFor(target), to),
    write: (events, { wantsUsage }) => new ChatStream(events, wantsUsage),
  };

  read(body: JsonBody): ChatInput {
    return new ChatInput(body);
  }

  answer(call: Call<ChatInput>, streams: StreamSettings): Promise<void> {
    return call.input.stream
      ? answerStream(call, this.#streaming, streams)
      : answerUnary(call, this.#chat);
  }
}
