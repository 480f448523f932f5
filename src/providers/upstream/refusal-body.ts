import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { contentEncodingOf, decompressNow } from './decompress.js';
import { parseUpstreamError } from './parse-upstream-error.js';
import type { UpstreamResponse } from './upstream-call.js';

/** As much of an error's explanation as is read; vendors need a few hundred bytes. */
const MAX_BYTES = 64 * 1024;
const MAX_PLAIN_BYTES = 1024 * 1024;

/** The body of an answer that is an error. */
export class RefusalBody {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** False when enough was read. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this.#length < MAX_BYTES;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(0, MAX_BYTES);
  }
}

/** A body that is damaged or cut short only costs the error its explanation. */
export function parseRefusal(
  status: number,
  headers: UpstreamResponse['headers'],
  body: RefusalBody,
  instance: ProviderInstance,
): ProviderError {
  return parseUpstreamError({ status, headers, text: readText(headers, body.bytes) }, instance);
}

function readText(headers: UpstreamResponse['headers'], bytes: Buffer): string {
  try {
    const encoding = contentEncodingOf(headers);
    if (!encoding || bytes.length === 0) return bytes.toString();
    return decompressNow(bytes, encoding, MAX_PLAIN_BYTES).toString();
  } catch (error) {
    if (error instanceof ProviderError) return '';
    throw error;
  }
}
