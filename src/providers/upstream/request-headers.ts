import type { ProviderInstance } from '../contract/provider-instance.js';
import type { StreamedBody } from '../contract/relay.js';
import type { KeyRing } from './key-ring.js';
import type { UpstreamCall } from './upstream-call.js';

/** What is expected back, which decides `accept` and `accept-encoding`. */
export type Expectation = 'json' | 'sse' | 'ndjson' | 'bytes';

const ACCEPT: Record<Expectation, readonly string[]> = {
  json: ['accept', 'application/json', 'accept-encoding', 'gzip, deflate, br'],
  // Compression holds events back until its window is full enough.
  sse: ['accept', 'text/event-stream', 'accept-encoding', 'identity'],
  ndjson: ['accept', 'application/x-ndjson', 'accept-encoding', 'identity'],
  bytes: ['accept', '*/*', 'accept-encoding', 'identity'],
};

/** Set by us or by the HTTP client alone; nobody may send them along. */
const RESERVED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of an instance's calls as flat name-value lists. The common case, a call without
 * headers of its own, gets a list that was made once.
 */
export class RequestHeaders {
  readonly #authenticationHeader: string;
  readonly #lists = new Map<string, readonly string[]>();

  constructor(
    instance: ProviderInstance,
    private readonly keys: KeyRing,
  ) {
    this.#authenticationHeader = instance.authentication.header;
  }

  /** The provider's headers win over the client's, ours over both. */
  for(call: UpstreamCall, expectation: Expectation, keyIndex: number): readonly string[] {
    const { body } = call;
    const plain = this.#base(expectation, typeof body === 'string', keyIndex);
    const base = typeof body === 'object' ? [...plain, ...headersOf(body)] : plain;
    const own = call.headers;
    const client = call.target.headers;
    if (isEmpty(own) && isEmpty(client)) return base;

    // The provider may ask for another representation, such as audio.
    const list = own?.['accept'] === undefined ? [...base] : without(base, 'accept');
    this.#add(own, list);
    this.#add(client, list);
    return list;
  }

  /** Those that nobody has set yet and that may be set. */
  #add(headers: Readonly<Record<string, string>> | undefined, list: string[]): void {
    for (const key in headers) {
      const name = key.toLowerCase();
      if (hasName(list, name) || RESERVED.has(name) || name === this.#authenticationHeader)
        continue;
      list.push(name, headers[key] as string);
    }
  }

  #base(expectation: Expectation, hasBody: boolean, keyIndex: number): readonly string[] {
    const cacheKey = `${expectation} ${hasBody} ${keyIndex}`;
    const known = this.#lists.get(cacheKey);
    if (known) return known;
    const list = ['user-agent', 'llm-proxy', ...ACCEPT[expectation]];
    if (hasBody) list.push('content-type', 'application/json');
    const key = this.keys.value(keyIndex);
    if (key !== undefined) list.push(this.#authenticationHeader, key);
    this.#lists.set(cacheKey, list);
    return list;
  }
}

function headersOf({ contentType, length }: StreamedBody): string[] {
  const headers = ['content-type', contentType];
  return length === undefined ? headers : [...headers, 'content-length', String(length)];
}

/** The list is short: looking through it costs less than a set of its names. */
function hasName(list: readonly string[], name: string): boolean {
  for (let index = 0; index < list.length; index += 2) if (list[index] === name) return true;
  return false;
}

function without(list: readonly string[], name: string): string[] {
  return list.toSpliced(list.indexOf(name), 2);
}

function isEmpty(headers: Readonly<Record<string, string>> | undefined): boolean {
  for (const _ in headers) return false;
  return true;
}
