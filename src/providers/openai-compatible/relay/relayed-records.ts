import { ProviderError } from '../../contract/provider-error.js';
import type { RelayedEndpoint, RelayedRecord } from '../../contract/relay.js';
import type { Target } from '../../contract/target.js';
import type { TokenUsage } from '../../contract/token-usage.js';
import { parseInBandError } from '../../upstream/parse-upstream-error.js';
import { createServerSentEventsReader } from '../../upstream/server-sent-events.js';
import type { RecordReader } from '../../upstream/record-reader.js';
import type { ServerSentEvent } from '../../upstream/upstream-call.js';
import { isObject } from '../openai-api.js';
import { convertRelayUsage } from './convert-relay-usage.js';
import { unitsInEvent } from './relay-units.js';

/** `transcript.text.done`, `image_generation.completed` and whatever else is named that way. */
const FINAL_NAME = /\.(?:done|completed)$/;
const FINAL_TYPE = /"type"\s*:\s*"[\w.]*\.(?:done|completed)"/;
const DONE = '[DONE]';

/** The events of a streamed answer as they came, and what they say of its use. */
export class RelayedRecords {
  usage: TokenUsage | undefined;
  readonly #reader: RecordReader;
  /** Of the bytes that are being read. */
  #records: RelayedRecord[] = [];
  /** That are done. */
  #images = 0;
  #isWhole = false;
  #error: ProviderError | undefined;

  constructor(
    private readonly endpoint: RelayedEndpoint,
    private readonly target: Target,
  ) {
    this.#reader = createServerSentEventsReader((record) => this.#add(record));
  }

  /** @throws ProviderError after the events before it, for an error and for what is too large */
  *push(chunk: Buffer): Iterable<RelayedRecord> {
    const fits = this.#reader.push(chunk);
    yield* this.#taken();
    if (fits) return;
    throw new ProviderError('invalid_response', 'The upstream sent a record that is too large');
  }

  /** @throws ProviderError when the answer is not whole */
  *end(): Iterable<RelayedRecord> {
    this.#reader.end();
    yield* this.#taken();
    if (this.#isWhole) return;
    throw new ProviderError('invalid_response', 'The upstream ended its stream too early');
  }

  *#taken(): Iterable<RelayedRecord> {
    const records = this.#records;
    this.#records = [];
    yield* records;
    if (this.#error !== undefined) throw this.#error;
  }

  #add({ event, data: lines }: ServerSentEvent): void {
    if (this.#error !== undefined) return;
    // Between the tokens of JSON, a line break is as good as a space.
    const data = lines.includes('\n') ? lines.replaceAll('\n', ' ') : lines;
    if (event === 'error' || /^\{\s*"(?:error"|type"\s*:\s*"error")/.test(data)) {
      this.#error = this.#errorIn(data);
      return;
    }
    const isFinal = data === DONE || FINAL_NAME.test(event ?? '') || FINAL_TYPE.test(data);
    if (isFinal) this.#isWhole = true;
    if (isFinal && data !== DONE) this.#readUsage(data);
    this.#records.push({ kind: 'record', event, data, isFinal });
  }

  #readUsage(data: string): void {
    const value = parse(data);
    if (!isObject(value)) return;
    const units = unitsInEvent(value, this.endpoint);
    this.#images += units.image ?? 0;
    const seen = units.image === undefined ? units : { ...units, image: this.#images };
    const told = value['usage'] ?? this.usage?.raw;
    this.usage = convertRelayUsage(told, this.endpoint, seen) ?? this.usage;
  }

  #errorIn(data: string): ProviderError {
    const error = parseInBandError(parse(data), this.target.instance);
    return error ?? new ProviderError('failed', 'The upstream answered with an error');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
