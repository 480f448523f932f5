import type { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import { findLogprobs } from './find-logprobs.js';
import { mapFinishReason } from './map-finish-reason.js';
import type { EventDraft } from './output/item-events.js';
import { ResponseOutput } from './output/response-output.js';
import {
  outputSettingsOf,
  wrapResponse,
  type AnswerContext,
  type AnswerEnd,
  type ResponseState,
} from './response-envelope.js';
import type { ResponsesResponse } from './responses-api.js';

/** A record of the stream: `event: …` and `data: …`, which is JSON without a line break. */
export interface ResponsesFrame {
  readonly event: string;
  readonly data: string;
}

/**
 * Writes a chat stream as the events of a response: created and in progress, each item from added
 * to done, and exactly one of completed, incomplete and failed. After that nothing more is written.
 */
export class ResponsesStream {
  readonly #output: ResponseOutput;
  #model = '';
  #serviceTier: string | null | undefined;
  #finishReason: string | null | undefined;
  #nextNumber = 0;
  #response: ResponsesResponse | undefined;

  constructor(private readonly context: AnswerContext) {
    this.#output = new ResponseOutput(outputSettingsOf(context));
  }

  /** The response as the last event told it; undefined before the end. */
  get response(): ResponsesResponse | undefined {
    return this.#response;
  }

  delta({ body }: ChatDelta): ResponsesFrame[] {
    if (this.#response !== undefined) return [];
    const chunk = body.value;
    const started = this.#start(chunk.model);
    this.#read(chunk);
    return [...started, ...this.#number(this.#output.takeEvents())];
  }

  /** The end of a whole answer. */
  complete(end: AnswerEnd): ResponsesFrame[] {
    if (this.#response !== undefined) return [];
    const started = this.#start();
    const { status, incomplete_details } = mapFinishReason(this.#finishReason);
    this.#output.finish(status === 'incomplete');
    const events = this.#output.takeEvents();
    const response = this.#wrap({ status, incomplete_details, error: null }, end);
    this.#response = response;
    events.push({ type: `response.${status}`, response });
    return [...started, ...this.#number(events)];
  }

  /**
   * The end of a broken answer. Items that are not whole are not closed: clients act on what is
   * done.
   */
  fail(error: ApiError, end?: AnswerEnd): ResponsesFrame[] {
    if (this.#response !== undefined) return [];
    const started = this.#start();
    const { message, param, type } = error;
    const code = error.wireCode ?? 'server_error';
    const failure = {
      status: 'failed',
      incomplete_details: null,
      error: { code, message },
    } as const;
    const response = this.#wrap(failure, end);
    this.#response = response;
    // The documented form has the members at the top, the one in use has them in `error`, and the
    // SDKs throw by that.
    const told = { type: 'error', code, message, param, error: { type, code, message, param } };
    return [...started, ...this.#number([told, { type: 'response.failed', response }])];
  }

  /** For an end that could not be told after all, so that it can be told how it failed. */
  withdrawEnd(): void {
    if (this.#response === undefined) return;
    this.#response = undefined;
    this.#nextNumber -= 1;
  }

  #start(model = ''): ResponsesFrame[] {
    if (this.#nextNumber > 0) return [];
    this.#model = model || this.context.request.model;
    const response = this.#wrap({ status: 'in_progress', incomplete_details: null, error: null });
    return this.#number([
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ]);
  }

  #read({ choices, service_tier: serviceTier }: ChatCompletionChunk): void {
    this.#serviceTier = serviceTier ?? this.#serviceTier;
    for (const { index, delta, logprobs, finish_reason: reason } of choices ?? []) {
      // There can be but one answer in a response.
      if (index !== 0) continue;
      this.#finishReason = reason ?? this.#finishReason;
      if (delta) this.#output.add(delta, findLogprobs(logprobs));
    }
  }

  #wrap(
    state: Pick<ResponseState, 'status' | 'incomplete_details' | 'error'>,
    end?: AnswerEnd,
  ): ResponsesResponse {
    return wrapResponse(
      this.context,
      {
        ...state,
        model: this.#model,
        output: this.#output.items,
        serviceTier: this.#serviceTier,
      },
      end,
    );
  }

  #number(events: readonly EventDraft[]): ResponsesFrame[] {
    return events.map(({ type, ...members }) => ({
      event: type,
      data: JSON.stringify({ type, sequence_number: this.#nextNumber++, ...members }),
    }));
  }
}
