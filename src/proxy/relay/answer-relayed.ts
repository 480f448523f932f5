import type { RelayedDocument, RelayStep } from '../../providers/contract/relay.js';
import type { Attempts } from '../../routing/attempts.js';
import { attemptHeaders, setAttemptHeaders } from '../answer-headers.js';
import { deliver } from '../answer-unary.js';
import { ByteStream } from '../byte-stream.js';
import type { CallRecord } from '../call-record.js';
import type { Call } from '../call.js';
import { EventStream } from '../event-stream.js';
import { readAnswer } from '../read-answer.js';
import type { Ask, RouteInput, StreamSettings } from '../route.js';
import { withCost } from '../with-cost.js';
import { RelayedEvents, RelayedFile } from './relayed-output.js';

/**
 * Answers with what the vendor answers with: a document, events or bytes. Its end leaves when it is
 * in the ledger. Rejects with `ApiError` until the first byte.
 */
export function answerRelayed<Input extends RouteInput>(
  call: Call<Input>,
  ask: Ask<Input, RelayStep>,
  settings: StreamSettings,
): Promise<void> {
  return new RelayedAnswer(call, ask, settings).run();
}

class RelayedAnswer<Input extends RouteInput> {
  readonly #attempts: Attempts<RelayStep>;
  readonly #record: CallRecord;
  #document: RelayedDocument | undefined;
  #events: RelayedEvents | undefined;
  #file: RelayedFile | undefined;

  constructor(
    private readonly call: Call<Input>,
    ask: Ask<Input, RelayStep>,
    private readonly settings: StreamSettings,
  ) {
    this.#attempts = call.attempts(ask);
    this.#record = call.record(this.#attempts);
  }

  run(): Promise<void> {
    return readAnswer(this.#attempts.values(), {
      relay: (step) => this.#relay(step),
      complete: () => this.#complete(),
      fail: (error) => this.#fail(error),
    });
  }

  #relay(step: RelayStep): void {
    const { exchange, answer, copy } = this.call;
    const { response, flow } = exchange;
    switch (step.kind) {
      case 'usage':
        this.#record.relayed(step);
        return;
      case 'document':
        this.#document = step;
        this.#record.answered({ ...step, body: step });
        return;
      case 'record':
        this.#record.relayed({ kind: 'record', characters: 0, usage: 'none' });
        this.#events ??= new RelayedEvents(
          new EventStream(response, flow, { ...this.settings, copy }),
        );
        this.#events.send(step, this.#headers);
        return;
      case 'bytes':
        this.#record.relayed({ kind: 'record', characters: 0, usage: 'none' });
        this.#file ??= new RelayedFile(new ByteStream(response, flow, this.settings.stallMs));
        answer?.cannotBeKept();
        this.#file.send(step, this.#headers);
    }
  }

  readonly #headers = (): Record<string, string> =>
    attemptHeaders(this.#attempts.made, this.call.exchange);

  async #fail(error: unknown): Promise<void> {
    const told = this.call.errorOf(error);
    await this.call.settleFailure(await this.#record.failed(told));
    await this.call.answer?.release();
    const output = this.#events ?? this.#file;
    if (output !== undefined) {
      await output.fail(told);
      return;
    }
    const { exchange } = this.call;
    setAttemptHeaders(exchange.response, this.#attempts.made, exchange);
    throw told;
  }

  async #complete(): Promise<void> {
    if (this.#document !== undefined) {
      await this.#deliver(this.#document);
      return;
    }
    const { call } = this;
    const output = this.#events ?? this.#file;
    try {
      const { costNanoUsd } = await call.settle(await this.#record.completed());
      await output?.complete(costNanoUsd, () =>
        call.answer?.complete('text/event-stream; charset=utf-8', call.requestId),
      );
    } catch (error) {
      await call.answer?.release();
      await output?.fail(call.errorOf(error));
    }
  }

  async #deliver({ contentType, isJson, text }: RelayedDocument): Promise<void> {
    const { call } = this;
    setAttemptHeaders(call.exchange.response, this.#attempts.made, call.exchange);
    const { costNanoUsd } = await call.settle(await this.#record.completed());
    const body = isJson ? withCost(text, costNanoUsd) : text;
    await deliver(call, { contentType, body, costNanoUsd });
  }
}
