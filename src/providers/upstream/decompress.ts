import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { ProviderError } from '../contract/provider-error.js';
import type { UpstreamResponse } from './upstream-call.js';

type Encoding = 'gzip' | 'deflate' | 'br';

/** Up to this many compressed bytes are decoded on the spot, which beats a trip to a thread. */
const SMALL_INPUT = 16 * 1024;
const SMALL_OUTPUT = 1024 * 1024;

type Decompress = (
  body: Buffer,
  options: zlib.ZlibOptions,
  callback: (error: Error | null, result: Buffer) => void,
) => void;

const WHOLE = {
  gzip: { now: zlib.gunzipSync, later: promisify(zlib.gunzip as Decompress) },
  deflate: { now: zlib.inflateSync, later: promisify(zlib.inflate as Decompress) },
  br: { now: zlib.brotliDecompressSync, later: promisify(zlib.brotliDecompress as Decompress) },
};

/** Undefined for plain bytes. Throws a `ProviderError` for an encoding that we never offer. */
export function contentEncodingOf(headers: UpstreamResponse['headers']): Encoding | undefined {
  const value = headers['content-encoding'];
  const name = (Array.isArray(value) ? value.join(',') : value)?.trim().toLowerCase();
  if (name === undefined || name === '' || name === 'identity') return undefined;
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  if (name === 'deflate' || name === 'br') return name;
  throw new ProviderError('invalid_response', 'The upstream used an unknown content encoding');
}

/** A short body, on the spot. Throws a `ProviderError` when it is damaged or over `limit`. */
export function decompressNow(body: Buffer, encoding: Encoding, limit: number): Buffer {
  try {
    return WHOLE[encoding].now(body, { maxOutputLength: limit });
  } catch (error) {
    throw damaged(error);
  }
}

/** A body of any length. Rejects with a `ProviderError` when it is damaged or over `limit`. */
export async function decompress(body: Buffer, encoding: Encoding, limit: number): Promise<Buffer> {
  if (body.length <= SMALL_INPUT) {
    try {
      return WHOLE[encoding].now(body, { maxOutputLength: Math.min(limit, SMALL_OUTPUT) });
    } catch (error) {
      if (!isTooLarge(error)) throw damaged(error);
    }
  }
  try {
    return await WHOLE[encoding].later(body, { maxOutputLength: limit });
  } catch (error) {
    throw damaged(error);
  }
}

export interface StreamDecoderListener {
  decoded(chunk: Buffer): void;
  /** The last byte came out. */
  finished(): void;
  failed(error: ProviderError): void;
  /** `write` may be called again after it returned false. */
  drained(): void;
}

/** Decodes a body while it arrives. */
export class StreamDecoder {
  readonly #transform: zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress;

  constructor(encoding: Encoding, listener: StreamDecoderListener) {
    this.#transform = createTransform(encoding);
    this.#transform
      .on('data', (chunk: Buffer) => listener.decoded(chunk))
      .on('end', () => listener.finished())
      .on('drain', () => listener.drained())
      .on('error', (error: Error) => listener.failed(damaged(error)));
  }

  /** False when the source should wait for `drained`. */
  write(chunk: Buffer): boolean {
    return this.#transform.write(chunk);
  }

  end(): void {
    this.#transform.end();
  }

  pause(): void {
    this.#transform.pause();
  }

  resume(): void {
    this.#transform.resume();
  }

  destroy(): void {
    this.#transform.destroy();
  }
}

function createTransform(encoding: Encoding) {
  if (encoding === 'gzip') return zlib.createGunzip();
  return encoding === 'deflate' ? zlib.createInflate() : zlib.createBrotliDecompress();
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function damaged(cause: unknown): ProviderError {
  const message = isTooLarge(cause)
    ? 'The upstream sent an answer that is too large'
    : 'The upstream sent a compressed answer that is damaged';
  return new ProviderError('invalid_response', message, { cause });
}
