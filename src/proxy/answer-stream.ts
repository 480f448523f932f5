import { Subscription } from 'rxjs';
import type { ChatChunk } from '../providers/chat/chat.js';
import type { Attempts } from '../routing/attempts.js';
import { attemptHeaders, setAttemptHeaders } from './answer-headers.js';
import type { CallRecord } from './call-record.js';
import type { Call } from './call.js';
import { ChatStream } from './chat/chat-stream.js';
import { EventStream, type EventStreamSettings } from './event-stream.js';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/**
 * Answers with a stream, whose last bytes leave when it is in the ledger. Rejects with `ApiError`
 * until the first chunk; what fails later is told in the stream.
 */
export function answerStream(
  call: Call,
  settings: Omit<EventStreamSettings, 'copy'>,
): Promise<void> {
  const attempts = call.attempts((target, request, to) => target.provider.streamChat(request, to));
  return new StreamedAnswer(call, attempts, settings).run();
}

class StreamedAnswer {
  readonly #record: CallRecord;
  readonly #events: EventStream;
  readonly #stream: ChatStream;

  constructor(
    private readonly call: Call,
    private readonly attempts: Attempts<ChatChunk>,
    settings: Omit<EventStreamSettings, 'copy'>,
  ) {
    const { exchange, input, answer } = call;
    this.#record = call.record(attempts);
    this.#events = new EventStream(exchange.response, exchange.flow, { ...settings, copy: answer });
    this.#stream = new ChatStream(this.#events, input.wantsUsage);
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => void this.#fail(error).then(resolve, reject);
      const subscription = new Subscription();
      subscription.add(
        this.attempts.values().subscribe({
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
      this.#events.open(attemptHeaders(this.attempts.made, this.call.exchange.translation));
    }
    // Also when nobody reads any more: a copy for an idempotency key has to be whole.
    this.#stream.delta(chunk);
  }

  async #fail(error: unknown): Promise<void> {
    const told = this.call.errorOf(error);
    await this.call.settleFailure(this.#record.failed(told));
    await this.call.answer?.release();
    if (this.#events.opened) {
      await this.#stream.fail(told);
      return;
    }
    const { response, translation } = this.call.exchange;
    setAttemptHeaders(response, this.attempts.made, translation);
    throw told;
  }

  async #complete(): Promise<void> {
    const { call } = this;
    try {
      const { costNanoUsd } = await call.settle(this.#record.completed());
      await this.#stream.complete(costNanoUsd, () =>
        call.answer?.complete(EVENT_STREAM, call.requestId),
      );
    } catch (error) {
      await call.answer?.release();
      await this.#stream.fail(call.errorOf(error));
    }
  }
}
