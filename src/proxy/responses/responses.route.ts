import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { defer, map, type Observable } from 'rxjs';
import type { Principal } from '../../auth/principal.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatResponse, ChatUsage } from '../../providers/chat/chat.js';
import { answerStream, type Streaming } from '../answer-stream.js';
import { answerUnary } from '../answer-unary.js';
import type { JsonBody } from '../body/read-json-body.js';
import type { Call } from '../call.js';
import { ChatCalls } from '../chat/chat-calls.js';
import { findNative } from '../find-native.js';
import type { Ask, Route, StreamSettings, WholeAnswer } from '../route.js';
import { convertToResponsesResponse } from './convert-to-responses-response.js';
import type { ResponsesResponse } from './responses-api.js';
import { ResponsesInput } from './responses-input.js';
import { ResponsesWriter, type ResponsesStep } from './responses-writer.js';
import { ResponseStore } from './store/response-store.js';

interface ResponsesAnswer extends WholeAnswer {
  readonly isNative: boolean;
}

/** `POST /v1/responses`: in the vendor's own words where it speaks the dialect, else by way of chat. */
@Injectable()
export class ResponsesRoute implements Route<ResponsesInput> {
  readonly dialect = 'responses';
  readonly takesModels = true;

  readonly #whole: Ask<ResponsesInput, ResponsesAnswer> = (target, to, call) => {
    const { input, exchange } = call;
    const native = findNative(target, 'responses');
    if (native !== undefined) {
      return defer(() => native.answer(input.nativeFor(target, to.translation), to)).pipe(
        map((answer) => ({ ...answer, isNative: true })),
      );
    }
    return defer(() => {
      const request = input.canonicalFor(to.translation);
      const { clientId } = exchange.principal;
      return this.calls.answer({ request, target, to, clientId });
    }).pipe(map((answer) => toResponse(answer, input)));
  };

  readonly #streaming: Streaming<ResponsesInput, ResponsesStep> = {
    ask: (target, to, { input, exchange }) =>
      defer((): Observable<ResponsesStep | ChatUsage> => {
        const native = findNative(target, 'responses');
        if (native !== undefined) return native.stream(input.nativeFor(target, to.translation), to);
        const request = input.canonicalFor(to.translation);
        const { clientId } = exchange.principal;
        return this.calls.stream({ request, target, to, clientId });
      }),
    write: (events, call) =>
      new ResponsesWriter(
        events,
        () => call.input.context,
        (response, isNative) => this.#keep(call, response, isNative),
      ),
  };

  constructor(
    private readonly calls: ChatCalls,
    private readonly store: ResponseStore,
  ) {}

  read(body: JsonBody, request: Request): Promise<ResponsesInput> {
    const { clientId } = request.principal as Principal;
    return ResponsesInput.read(body, this.store, clientId);
  }

  answer(call: Call<ResponsesInput>, streams: StreamSettings): Promise<void> {
    if (call.input.stream) return answerStream(call, this.#streaming, streams);
    return answerUnary(call, this.#whole, ({ isNative }, body) =>
      this.#keep(call, JSON.parse(body) as ResponsesResponse, isNative),
    );
  }

  /** Where a response is that its vendor keeps is remembered, however large it is. */
  async #keep(
    { input, exchange }: Call<ResponsesInput>,
    response: ResponsesResponse,
    isNative: boolean,
  ): Promise<void> {
    const { isStored, ownItems, request } = input;
    if (!isStored || response['store'] === false) return;
    if (!isNative && ownItems === undefined) return;
    await this.store.keep({
      clientId: exchange.principal.clientId,
      previousId: request.previous_response_id ?? null,
      instance: isNative ? (exchange.target?.instance.name ?? null) : null,
      response,
      input: ownItems,
    });
  }
}

function toResponse(answer: ChatResponse, { context }: ResponsesInput): ResponsesAnswer {
  const { usage, characters, upstreamRequestId } = answer;
  const response = convertToResponsesResponse(answer.body.value, context, { usage });
  return {
    body: JsonDocument.fromValue(response),
    characters,
    isNative: false,
    ...(usage && { usage }),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}
