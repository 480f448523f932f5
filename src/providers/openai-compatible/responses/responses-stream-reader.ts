import type { NativeChunk, NativeRecord } from '../../contract/native.js';
import { ProviderError } from '../../contract/provider-error.js';
import type { ProviderInstance } from '../../contract/provider-instance.js';
import type { TokenUsage } from '../../contract/token-usage.js';
import { parseInBandError } from '../../upstream/parse-upstream-error.js';
import { endedEarly, type StreamReader } from '../../upstream/read-stream.js';
import type { ServerSentEvent } from '../../upstream/upstream-call.js';
import { isObject } from '../openai-api.js';
import { findStringValue, stringEnd } from '../scan-chunk.js';
import { convertResponsesUsage } from './convert-responses-usage.js';
import type { ResponsesRepair } from './repair-response.js';

/** What a vendor says before it knows whether it will answer: some refuse only after these. */
const PRELUDE = new Set(['response.created', 'response.queued', 'response.in_progress']);
const ENDS = new Set(['response.completed', 'response.incomplete']);

/** Reads the events of one response. Their text is handed on as it came, repairs apart. */
export class ResponsesStreamReader implements StreamReader<NativeChunk> {
  /** The answer has ended. */
  done = false;
  #usage: TokenUsage | undefined;
  /** Undefined as soon as the answer has really begun. */
  #prelude: NativeRecord[] | undefined = [];

  constructor(
    private readonly instance: ProviderInstance,
    private readonly repair?: ResponsesRepair,
  ) {}

  /** What the vendor counted; known at the end. */
  countsSoFar(): NativeChunk[] {
    return this.#usage ? [{ kind: 'usage', usage: this.#usage }] : [];
  }

  /** The events that can be handed on by now. Throws a `ProviderError`. */
  read({ event: name, data }: ServerSentEvent): NativeRecord[] {
    const json = data.trim();
    if (json === '' || json === '[DONE]') return [];
    const event = name ?? typeOf(json);
    if (event === 'error' || event === 'response.failed') throw this.#failure(event, json);
    const record: NativeRecord = {
      kind: 'record',
      event,
      data: this.#repaired(event, json),
      usage: 'none',
      characters: event.endsWith('.delta') ? deltaLength(json) : 0,
    };
    if (ENDS.has(event)) {
      this.#usage = convertResponsesUsage(responseOf(json)) ?? this.#usage;
      this.done = true;
    }
    if (this.#prelude === undefined) return [record];
    this.#prelude.push(record);
    if (PRELUDE.has(event)) return [];
    const records = this.#prelude;
    this.#prelude = undefined;
    return records;
  }

  /** What is left when the stream is over. Throws unless the answer was whole. */
  end(): NativeChunk[] {
    if (!this.done) throw endedEarly();
    return this.countsSoFar();
  }

  #repaired(event: string, json: string): string {
    if (this.repair === undefined) return json;
    try {
      return this.repair.event(event, json);
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  #failure(event: string, json: string): ProviderError {
    const body = parse(json);
    const response = isObject(body['response']) ? body['response'] : {};
    // Ahead of the error, because what was used until then is billed.
    this.#usage = convertResponsesUsage(response) ?? this.#usage;
    const told =
      event === 'error' ? { ...body, type: body['error'] ? body['type'] : 'error' } : response;
    return (
      parseInBandError(told, this.instance) ??
      new ProviderError('failed', 'The upstream reported an error instead of an answer')
    );
  }
}

/** Vendors that leave out the name of an event have it in its data. */
function typeOf(json: string): string {
  const { type } = parse(json);
  return typeof type === 'string' ? type : 'message';
}

function deltaLength(json: string): number {
  const start = findStringValue(json, 'delta"', 0);
  return start < 0 ? 0 : stringEnd(json, start) - start;
}

function responseOf(json: string): Record<string, unknown> {
  const { response } = parse(json);
  return isObject(response) ? response : {};
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable();
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream sent an event that cannot be read', {
    cause,
  });
}
