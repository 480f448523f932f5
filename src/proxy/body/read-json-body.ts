import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import getRawBody from 'raw-body';
import { parse as parseSafely } from 'secure-json-parse';
import { ApiError } from '../../common/errors/api-error.js';
import { JsonTooDeepError } from '../../common/json/json-text-error.js';
import { scanObject, type JsonObjectText } from '../../common/json/json-text.js';

export interface BodyLimits {
  /** Of the decompressed body. */
  readonly maxBytes: number;
  readonly maxDepth: number;
}

/** A JSON body as it came and as it reads. */
export interface JsonBody {
  readonly text: string;
  /** Where the top-level members are in `text`. */
  readonly members: JsonObjectText;
  readonly value: unknown;
}

const DECOMPRESSORS: Record<string, () => Readable & NodeJS.WritableStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * Reads a request body within its limits: size before and while it is read, text before it is
 * parsed, depth before anything is built.
 * @throws ApiError `unsupported_media_type`, `request_too_large`, `invalid_json`
 */
export async function readJsonBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<JsonBody> {
  checkContentType(request.headers['content-type']);
  const buffer = await readBytes(request, limits.maxBytes);
  if (!isUtf8(buffer)) throw new ApiError('invalid_json', 'The request body is not valid UTF-8.');
  return parseJsonObject(buffer.toString('utf8'), limits.maxDepth);
}

function parseJsonObject(text: string, maxDepth: number): JsonBody {
  try {
    const members = scanObject(text, { maxDepth });
    // Refuses the keys that could reach a prototype.
    const value: unknown = parseSafely(text, { protoAction: 'error', constructorAction: 'error' });
    return { text, members, value };
  } catch (error) {
    if (error instanceof JsonTooDeepError) {
      throw new ApiError(
        'invalid_json',
        `The request body is nested deeper than ${maxDepth} levels.`,
        {
          cause: error,
        },
      );
    }
    throw new ApiError('invalid_json', 'The request body is not a valid JSON object.', {
      cause: error,
    });
  }
}

function checkContentType(contentType: string | undefined): void {
  // As nearly everybody writes it.
  if (contentType === 'application/json') return;
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if (!/^application\/(?:[a-z0-9.+-]+\+)?json$/.test(type.trim())) {
    throw new ApiError('unsupported_media_type', 'The content type must be application/json.');
  }
  for (const parameter of parameters) {
    const [name, value] = parameter.trim().split('=');
    if (name === 'charset' && value?.replaceAll('"', '') !== 'utf-8' && value !== 'utf8') {
      throw new ApiError('unsupported_media_type', 'The character set must be UTF-8.');
    }
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length']);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  let source: Readable = request;
  if (encoding !== 'identity') {
    const decompressor = DECOMPRESSORS[encoding]?.();
    if (decompressor === undefined) {
      throw new ApiError('unsupported_media_type', 'The content encoding is not supported.');
    }
    request.on('error', (error) => decompressor.destroy(error));
    source = request.pipe(decompressor);
  }
  try {
    return await getRawBody(source, {
      limit: maxBytes,
      ...(encoding === 'identity' && declared >= 0 ? { length: declared } : {}),
    });
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large') throw tooLarge(maxBytes, error);
    throw new ApiError('invalid_json', 'The request body could not be read.', { cause: error });
  }
}

function tooLarge(maxBytes: number, cause?: unknown): ApiError {
  return new ApiError('request_too_large', `The request body is larger than ${maxBytes} bytes.`, {
    cause,
  });
}
