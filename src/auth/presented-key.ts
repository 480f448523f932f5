import type { IncomingMessage } from 'node:http';
import { ApiError } from '../common/errors/api-error.js';

const BEARER = /^bearer +(.+)$/i;

/**
 * The API key that a request carries in `authorization: Bearer`, `x-api-key` or `api-key`;
 * undefined when there is none. Throws `conflicting_credentials` when it carries two different ones.
 *
 * Reads the raw headers: Node keeps only the first of several `authorization` headers and joins
 * several `x-api-key`, so a conflict would pass unseen in `request.headers`.
 */
export function findPresentedKey(request: Pick<IncomingMessage, 'rawHeaders'>): string | undefined {
  const { rawHeaders } = request;
  let key: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = keyFromHeader(rawHeaders[index] as string, rawHeaders[index + 1] as string);
    if (candidate === undefined || candidate === key) continue;
    if (key !== undefined) {
      throw new ApiError(
        'conflicting_credentials',
        'The request carries two different API keys. Send one.',
      );
    }
    key = candidate;
  }
  return key;
}

function keyFromHeader(name: string, value: string): string | undefined {
  switch (name.length) {
    case 'authorization'.length:
      return name.toLowerCase() === 'authorization' ? BEARER.exec(value)?.[1]?.trim() : undefined;
    case 'x-api-key'.length:
      return name.toLowerCase() === 'x-api-key' ? value.trim() || undefined : undefined;
    case 'api-key'.length:
      return name.toLowerCase() === 'api-key' ? value.trim() || undefined : undefined;
    default:
      return undefined;
  }
}
