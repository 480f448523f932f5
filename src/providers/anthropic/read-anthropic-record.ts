import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { parseInBandError } from '../upstream/parse-upstream-error.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { isObject, type JsonObject } from './anthropic-api.js';

/** A record of a stream. Throws a `ProviderError` for one that tells of a failure, or is unreadable. */
export function readAnthropicRecord(
  { event, data }: ServerSentEvent,
  instance: ProviderInstance,
): JsonObject {
  const record = parse(data);
  if (event !== 'error' && record['type'] !== 'error') return record;
  throw (
    parseInBandError({ ...record, type: 'error' }, instance) ??
    new ProviderError('failed', 'The upstream reported an error instead of an answer')
  );
}

function parse(data: string): JsonObject {
  let record: unknown;
  try {
    record = JSON.parse(data);
  } catch (cause) {
    throw new ProviderError('invalid_response', 'The upstream sent a record that cannot be read', {
      cause,
    });
  }
  if (isObject(record)) return record;
  throw new ProviderError('invalid_response', 'The upstream sent a record that is no object');
}
