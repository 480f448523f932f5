import { errorEnvelope } from '../../common/errors/error-envelope.js';
import type { ApiError } from '../../common/errors/api-error.js';
import type { RelayedBytes, RelayedRecord } from '../../providers/contract/relay.js';
import type { ByteStream } from '../byte-stream.js';
import type { EventFrame, EventStream } from '../event-stream.js';
import { withCost } from '../with-cost.js';

type Headers = Readonly<Record<string, string>>;

/** Where a streamed answer goes: events or bytes, as the vendor sends it. */
export interface RelayedOutput<Step> {
  /** @param headers for the first step, which opens the answer */
  send(step: Step, headers: () => Headers): void;
  /** The answer is in the ledger. `beforeLast` as in `EventStream.end`. */
  complete(costNanoUsd: number | null, beforeLast: () => Promise<void> | undefined): Promise<void>;
  /** The answer broke after it had begun. */
  fail(error: ApiError): Promise<void>;
}

/**
 * Events as they came. The one that says that all is done waits until it is in the ledger, and tells
 * what that cost beside the vendor's usage.
 */
export class RelayedEvents implements RelayedOutput<RelayedRecord> {
  #last: RelayedRecord[] = [];

  constructor(private readonly events: EventStream) {}

  send(record: RelayedRecord, headers: () => Headers): void {
    if (!this.events.opened) this.events.open(headers());
    if (record.isFinal) {
      this.#last.push(record);
      return;
    }
    for (const each of this.#last) this.events.send(frameOf(each));
    this.#last = [];
    this.events.send(frameOf(record));
  }

  complete(costNanoUsd: number | null, beforeLast: () => Promise<void> | undefined): Promise<void> {
    const last = this.#last.map((record) => {
      const isObject = record.data.startsWith('{');
      return frameOf(isObject ? { ...record, data: withCost(record.data, costNanoUsd) } : record);
    });
    return this.events.end(last, beforeLast);
  }

  fail(error: ApiError): Promise<void> {
    const data = JSON.stringify(errorEnvelope(error));
    return this.events.end([{ event: 'error', data }]);
  }
}

/** Bytes as they came: all a broken answer can do is to break. */
export class RelayedFile implements RelayedOutput<RelayedBytes> {
  constructor(private readonly stream: ByteStream) {}

  send({ contentType, bytes }: RelayedBytes, headers: () => Headers): void {
    if (!this.stream.opened) this.stream.open({ 'content-type': contentType, ...headers() });
    this.stream.send(bytes);
  }

  async complete(
    _costNanoUsd: number | null,
    beforeLast: () => Promise<void> | undefined,
  ): Promise<void> {
    await beforeLast();
    this.stream.end();
  }

  fail(): Promise<void> {
    this.stream.abandon();
    return Promise.resolve();
  }
}

function frameOf({ event, data }: RelayedRecord): EventFrame {
  return event === undefined ? data : { event, data };
}
