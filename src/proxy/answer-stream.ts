import { Subscription } from 'rxjs';
import type { ChatChunk, ChatDelta } from '../providers/chat/chat.js';
import type { Attempts } from '../routing/attempts.js';
import type { ApiError } from '../common/errors/api-error.js';
import { attemptHeaders, setAttemptHeaders } from './answer-headers.js';
import type { CallRecord } from './call-record.js';
import type { Call } from './call.js';
import { EventStream } from './event-stream.js';
import type { Ask, RouteInput, StreamSettings } from './route.js';

/** Writes the records of an answer in the client's dialect. */
export interface AnswerWriter {
  delta(delta: ChatDelta): void;
  /** The end of a whole answer, when it is in the ledger; `beforeLast` as in `EventStream.end`. */
  complete(costNanoUsd: number | null, beforeLast: () => Promise<void> | undefined): Promise<void>;
  /** The end of a broken one. */
  fail(error: ApiError): Promise<void>;
}

/** How a route streams: whom it asks for what, and how it writes that down. */
export interface Streaming<Input extends RouteInput> {
  readonly ask: Ask<Input, ChatChunk>;
  readonly write: (events: EventStream, input: Input) => AnswerWriter;
}

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/**
 * Answers with a stream, whose last bytes leave when it is in the ledger. Rejects with `ApiError`
 * until the first chunk; what fails later is told in the stream.
 */
export function answerStream<Input extends RouteInput>(
  call: Call<Input>,
  streaming: Streaming<Input>,
  settings: StreamSettings,
): Promise<void> {
  return new StreamedAnswer(call, streaming, settings).run();
}

class StreamedAnswer<Input extends RouteInput> {
  readonly #attempts: Attempts<ChatChunk>;
  readonly #record: CallRecord;
  readonly #events: EventStream;
  readonly #writer: AnswerWriter;

  constructor(
    private readonly call: Call<Input>,
    { ask, write }: Streaming<Input>,
    settings: StreamSettings,
  ) {
    const { exchange, input, answer } = call;
    this.#attempts = call.attempts(ask);
    this.#record = call.record(this.#attempts);
    this.#events = new EventStream(exchange.response, exchange.flow, { ...settings, copy: answer });
    this.#writer = write(this.#events, input);
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => void this.#fail(error).then(resolve, reject);
      const subscription = new Subscription();
      subscription.add(
        this.#attempts.values().subscribe({
          next: (chunk) => {
            try {
              this.#relay(chunk);
            } catch (error) {
              // RxJS would throw it at the process.
              subscription.unsubscribe();
              fail(error);
            }
          },
          error: fail,
          complete: () => void this.#complete().then(resolve, reject),
        }),
      );
    });
  }

  #relay(chunk: ChatChunk): void {
    this.#record.relayed(chunk);
    if (chunk.kind === 'usage') return;
    if (!this.#events.opened) {
      this.#events.open(attemptHeaders(this.#attempts.made, this.call.exchange.translation));
    }
    // Also when nobody reads any more: a copy for an idempotency key has to be whole.
    this.#writer.delta(chunk);
  }

  async #fail(error: unknown): Promise<void> {
    const told = this.call.errorOf(error);
    await this.call.settleFailure(this.#record.failed(told));
    await this.call.answer?.release();
    if (this.#events.opened) {
      await this.#writer.fail(told);
      return;
    }
    const { response, translation } = this.call.exchange;
    setAttemptHeaders(response, this.#attempts.made, translation);
    throw told;
  }

  async #complete(): Promise<void> {
    const { call } = this;
    try {
      const { costNanoUsd } = await call.settle(this.#record.completed());
      await this.#writer.complete(costNanoUsd, () =>
        call.answer?.complete(EVENT_STREAM, call.requestId),
      );
    } catch (error) {
      await call.answer?.release();
      await this.#writer.fail(call.errorOf(error));
    }
  }
}
