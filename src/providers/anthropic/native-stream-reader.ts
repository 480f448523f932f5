import type { NativeChunk, NativeRecord } from '../contract/native.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { endedEarly, type StreamReader } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { isObject, textOf, type JsonObject } from './anthropic-api.js';
import {
  convertAnthropicUsage,
  estimateAnthropicUsage,
  mergeAnthropicUsage,
} from './convert-anthropic-usage.js';
import { readAnthropicRecord } from './read-anthropic-record.js';

/** Between the tokens of a JSON text; within its strings there are none. */
const LINE_BREAKS = /[\r\n]+/g;

/** Hands the records of a stream on as they come, and reads what they say of the usage. */
export class NativeStreamReader implements StreamReader<NativeChunk> {
  done = false;
  readonly countsOnlyBegun = true;
  /** What precedes the content: until then the call may still go elsewhere. */
  #held: NativeRecord[] | undefined = [];
  #isBegun = false;
  #isCounted = false;
  #usage: JsonObject = {};
  #characters = 0;

  constructor(private readonly instance: ProviderInstance) {}

  read(event: ServerSentEvent): NativeChunk[] {
    const record = readAnthropicRecord(event, this.instance);
    const type = textOf(record['type']) || (event.event ?? '');
    const characters = type === 'content_block_delta' ? lengthOf(record['delta']) : 0;
    this.#characters += characters;
    if (type === 'message_start') this.#begin(record);
    const isCount = type === 'message_delta' && isObject(record['usage']);
    if (isCount) this.#usage = mergeAnthropicUsage(this.#usage, record['usage']);
    this.#isCounted ||= isCount;
    this.done = type === 'message_stop';

    const data = event.data.replace(LINE_BREAKS, ' ');
    const usage = isCount ? 'beside' : 'none';
    return this.#release(type, { kind: 'record', event: type, data, usage, characters });
  }

  end(): NativeChunk[] {
    if (!this.done) throw endedEarly();
    return this.#counts();
  }

  countsSoFar(): NativeChunk[] {
    if (this.#isCounted) return this.#counts();
    const usage = estimateAnthropicUsage(this.#usage, this.#characters);
    return usage ? [{ kind: 'usage', usage }] : [];
  }

  #begin(record: JsonObject): void {
    if (this.#held === undefined) {
      throw new ProviderError('invalid_response', 'The upstream began its answer a second time');
    }
    const message = isObject(record['message']) ? record['message'] : {};
    this.#usage = mergeAnthropicUsage({}, message['usage']);
    this.#isBegun = true;
    this.#held = [];
  }

  #release(type: string, record: NativeRecord): NativeChunk[] {
    if (this.#held === undefined) return [record];
    this.#held.push(record);
    if (type === 'message_start' || type === 'ping') return [];
    if (!this.#isBegun) {
      throw new ProviderError(
        'invalid_response',
        'The upstream sent an answer without its beginning',
      );
    }
    const records = this.#held;
    this.#held = undefined;
    return records;
  }

  #counts(): NativeChunk[] {
    const usage = convertAnthropicUsage(this.#usage);
    return usage ? [{ kind: 'usage', usage }] : [];
  }
}

function lengthOf(delta: unknown): number {
  if (!isObject(delta)) return 0;
  const { text, thinking, partial_json: json } = delta;
  return textOf(text).length + textOf(thinking).length + textOf(json).length;
}
