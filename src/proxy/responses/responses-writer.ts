import type { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { NativeRecord } from '../../providers/contract/native.js';
import type { AnswerEnd, AnswerWriter } from '../answer-stream.js';
import type { EventStream } from '../event-stream.js';
import { NativeStream } from './native-stream.js';
import type { AnswerContext } from './response-envelope.js';
import type { ResponsesResponse } from './responses-api.js';
import { ResponsesStream, type ResponsesFrame } from './responses-stream.js';

export type ResponsesStep = ChatDelta | NativeRecord;

/** A response that is told event by event; the last of `complete` and of `fail` ends it. */
export interface StreamedResponse<Step> {
  /** As the event that ends it tells it; undefined before. */
  readonly response: ResponsesResponse | undefined;
  delta(step: Step): ResponsesFrame[];
  complete(end: AnswerEnd): ResponsesFrame[];
  /** For an end that could not be told after all. */
  withdrawEnd(): void;
  fail(error: ApiError, end: Pick<AnswerEnd, 'usage'>): ResponsesFrame[];
}

/** Makes a response durable, if it is to be stored. */
export type KeepResponse = (response: ResponsesResponse, isNative: boolean) => Promise<void>;

/** Writes a stream of the dialect, whoever's events they are. */
export class ResponsesWriter implements AnswerWriter<ResponsesStep> {
  #answer: StreamedResponse<never> | undefined;
  #isNative = false;

  /** @param context of the target that answers, which is known with its first step */
  constructor(
    private readonly events: EventStream,
    private readonly context: () => AnswerContext,
    private readonly keep: KeepResponse,
  ) {}

  delta(step: ResponsesStep): void {
    this.#isNative = step.kind === 'record';
    this.#send(this.#stream.delta(step as never));
  }

  async complete(end: AnswerEnd, beforeLast: () => Promise<void> | undefined): Promise<void> {
    const frames = this.#stream.complete(end);
    const last = frames.splice(-1);
    this.#send(frames);
    const { response } = this.#stream;
    await this.events.end(last, async () => {
      if (response !== undefined) await this.keep(response, this.#isNative);
      await beforeLast();
    });
  }

  async fail(error: ApiError, { usage }: AnswerEnd): Promise<void> {
    this.#stream.withdrawEnd();
    await this.events.end(this.#stream.fail(error, { usage }));
  }

  get #stream(): StreamedResponse<never> {
    return (this.#answer ??= this.#isNative
      ? new NativeStream()
      : new ResponsesStream(this.context()));
  }

  #send(frames: readonly ResponsesFrame[]): void {
    for (const frame of frames) this.events.send(frame);
  }
}
