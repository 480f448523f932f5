import type { ChatUsage } from '../providers/chat/chat.js';
import type { TokenUsage } from '../providers/contract/token-usage.js';
import type { Attempts } from '../routing/attempts.js';
import type { ApiError } from '../common/errors/api-error.js';
import { attemptHeaders, setAttemptHeaders } from './answer-headers.js';
import type { CallRecord, RelayedStep } from './call-record.js';
import type { Call } from './call.js';
import { EventStream, type EventFrame } from './event-stream.js';
import { PaidPieces } from './paid-pieces.js';
import { readAnswer } from './read-answer.js';
import type { Ask, RouteInput, StreamSettings } from './route.js';

/** What the ledger says of an answer, estimates included. */
export interface AnswerEnd {
  readonly usage: TokenUsage;
  /** Null when the model has no price, or nothing could be written. */
  readonly costNanoUsd: number | null;
}

/** Writes the steps of an answer in the client's dialect. */
export interface AnswerWriter<Step extends RelayedStep> {
  delta(step: Step): void;
  /** The end of a whole answer, when it is in the ledger; `beforeLast` as in `EventStream.end`. */
  complete(end: AnswerEnd, beforeLast: () => Promise<void> | undefined): Promise<void>;
  /** The end of a broken one. */
  fail(error: ApiError, end: AnswerEnd): Promise<void>;
}

/** How a route streams: whom it asks for what, and how it writes that down. */
export interface Streaming<Input extends RouteInput, Step extends RelayedStep> {
  readonly ask: Ask<Input, Step | ChatUsage>;
  readonly write: (events: EventStream, call: Call<Input>) => AnswerWriter<Step>;
  /** As in `EventStreamSettings`. */
  readonly keepAlive?: EventFrame;
}

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/**
 * Answers with a stream, whose last bytes leave when it is in the ledger. Rejects with `ApiError`
 * until the first chunk; what fails later is told in the stream.
 */
export function answerStream<Input extends RouteInput, Step extends RelayedStep>(
  call: Call<Input>,
  streaming: Streaming<Input, Step>,
  settings: StreamSettings,
): Promise<void> {
  return new StreamedAnswer(call, streaming, settings).run();
}

class StreamedAnswer<Input extends RouteInput, Step extends RelayedStep> {
  readonly #attempts: Attempts<Step | ChatUsage>;
  readonly #record: CallRecord;
  readonly #events: EventStream;
  readonly #writer: AnswerWriter<Step>;
  readonly #pieces: PaidPieces<Step | ChatUsage>;

  constructor(
    private readonly call: Call<Input>,
    { ask, write, keepAlive }: Streaming<Input, Step>,
    settings: StreamSettings,
  ) {
    const { exchange, copy } = call;
    this.#attempts = call.attempts(ask);
    this.#record = call.record(this.#attempts);
    this.#events = new EventStream(exchange.response, exchange.flow, {
      ...settings,
      copy,
      keepAlive,
    });
    this.#writer = write(this.#events, call);
    this.#pieces = new PaidPieces({
      flow: exchange.flow,
      pay: (chunk) => (isUsage(chunk) ? undefined : call.relaying(chunk.characters)),
      pass: (chunk) => this.#relay(chunk),
    });
  }

  run(): Promise<void> {
    return readAnswer(this.#attempts.values(), {
      begin: (stop) => {
        this.#pieces.failed = stop;
      },
      relay: (chunk) => this.#pieces.take(chunk),
      complete: () => this.#pieces.passed().then(() => this.#complete()),
      fail: (error) => {
        this.#pieces.drop();
        return this.#fail(error);
      },
    });
  }

  #relay(chunk: Step | ChatUsage): void {
    this.#record.relayed(chunk);
    if (isUsage(chunk)) return;
    if (!this.#events.opened) {
      this.#events.open(attemptHeaders(this.#attempts.made, this.call.exchange));
    }
    // Also when nobody reads any more: a copy for an idempotency key has to be whole.
    this.#writer.delta(chunk);
  }

  async #fail(error: unknown): Promise<void> {
    const told = this.call.errorOf(error);
    const outcome = await this.#record.failed(told);
    await this.call.settleFailure(outcome);
    await this.call.answer?.release();
    if (this.#events.opened) {
      await this.#writer.fail(told, { usage: outcome.usage, costNanoUsd: null });
      return;
    }
    const { exchange } = this.call;
    setAttemptHeaders(exchange.response, this.#attempts.made, exchange);
    throw told;
  }

  async #complete(): Promise<void> {
    const { call } = this;
    const completed = this.#record.completed();
    const outcome = completed instanceof Promise ? await completed : completed;
    const { usage } = outcome;
    try {
      const { costNanoUsd } = await call.settle(outcome);
      await this.#writer.complete({ usage, costNanoUsd }, () =>
        call.answer?.complete(EVENT_STREAM, call.requestId),
      );
    } catch (error) {
      await call.answer?.release();
      await this.#writer.fail(call.errorOf(error), { usage, costNanoUsd: null });
    }
  }
}

function isUsage(chunk: RelayedStep | ChatUsage): chunk is ChatUsage {
  return chunk.kind === 'usage';
}
