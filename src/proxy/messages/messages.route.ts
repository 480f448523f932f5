import { Injectable } from '@nestjs/common';
import { defer, map, type Observable } from 'rxjs';
import type { ChatChunk, ChatDelta } from '../../providers/chat/chat.js';
import type { NativeChunk, NativeRecord } from '../../providers/contract/native.js';
import type { Target } from '../../providers/contract/target.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { estimateTokens } from '../../usage/estimate-tokens.js';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import { ChatCalls, type ChatCall } from '../chat/chat-calls.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, StreamSettings, WholeAnswer } from '../route.js';
import { convertToMessagesResponse } from './convert-to-messages-response.js';
import { MessagesInput } from './messages-input.js';
import { MessagesStream, PING } from './messages-stream.js';
import { MessagesWriter } from './messages-writer.js';
import { parseMessagesRequest } from './parse-messages-request.js';

/** `POST /v1/messages`: natively where the vendor speaks the dialect, translated everywhere else. */
@Injectable()
export class MessagesRoute implements Route<MessagesInput> {
  readonly dialect = 'messages';
  readonly takesModels = true;

  readonly #answer: Ask<MessagesInput, WholeAnswer> = (target, to, call) =>
    defer((): Observable<WholeAnswer> | Promise<WholeAnswer> => {
      const { input } = call;
      const native = findNative(target, 'messages');
      if (native !== undefined) return native.answer(input.nativeRequestFor(target, to), to);
      return this.calls.answer(this.#translated(target, to, call)).pipe(
        map(({ body, ...rest }) => ({
          ...rest,
          said: body,
          body: (usage) =>
            JSON.stringify(convertToMessagesResponse(body.value, usage, input.omitsThinking)),
        })),
      );
    });

  readonly #streaming: Streaming<MessagesInput, ChatDelta | NativeRecord> = {
    ask: (target, to, call) =>
      defer((): Observable<ChatChunk | NativeChunk> => {
        const { input } = call;
        const native = findNative(target, 'messages');
        if (native !== undefined) return native.stream(input.nativeRequestFor(target, to), to);
        return this.calls.stream(this.#translated(target, to, call));
      }),
    write: (events, { input, requestId }) => {
      const { model, omitsThinking } = input;
      const inputTokens = estimateTokens(input.characters);
      return new MessagesWriter(
        events,
        new MessagesStream({ inputTokens, model, omitsThinking }),
        requestId,
      );
    },
    keepAlive: PING,
  };

  constructor(private readonly calls: ChatCalls) {}

  read(body: JsonBody): MessagesInput {
    return new MessagesInput(body, parseMessagesRequest(body.value));
  }

  answer(call: Call<MessagesInput>, streams: StreamSettings): Promise<void> {
    return call.input.stream
      ? answerStream(call, this.#streaming, streams)
      : answerUnary(call, this.#answer);
  }

  #translated(target: RouteTarget, to: Target, { input, exchange }: Call<MessagesInput>): ChatCall {
    const { clientId } = exchange.principal;
    return { request: input, target, to: input.translatedTarget(to), clientId };
  }
}
