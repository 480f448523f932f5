import type { ProviderInstance } from '../contract/provider-instance.js';
import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import { isObject, type JsonObject } from './openai-api.js';

const FALLBACK_MESSAGE = 'The upstream reported an error instead of an answer';

const KINDS_BY_STATUS: ReadonlyMap<number, ProviderErrorKind> = new Map([
  [400, 'rejected'],
  [401, 'auth'],
  [402, 'auth'],
  [403, 'auth'],
  [404, 'rejected'],
  [408, 'timeout'],
  [413, 'rejected'],
  [415, 'rejected'],
  [422, 'rejected'],
  [429, 'rate_limited'],
  [504, 'timeout'],
]);

const KINDS_BY_WORD: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [/rate.?limit|too_many|insufficient_quota|quota_exceeded|throttl/, 'rate_limited'],
  [/api_key|authentication|unauthorized|permission|billing|insufficient_balance/, 'auth'],
  [/timeout|timed_out/, 'timeout'],
  [/server|overloaded|unavailable|internal|insufficient_system_resource/, 'failed'],
  [
    /invalid|context_length|unsupported|not_found|bad_request|content_filter|tool_use_failed|policy/,
    'rejected',
  ],
];

/**
 * An error that came in the place of an answer: under a 200, or in the middle of a stream. `answer`
 * is the object that carries it: `{error: {…}}`, `{error: "text", code}` or a flat error object.
 */
export function convertOpenAiError(answer: JsonObject, instance: ProviderInstance): ProviderError {
  const error = isObject(answer['error']) ? answer['error'] : answer;
  const status = statusOf(error);
  const vendorType = text(error['type']);
  const vendorCode = text(error['code']);
  const message = text(error['message']) ?? text(answer['error']) ?? text(error['detail']);
  return new ProviderError(
    kindOf(status, vendorCode, vendorType),
    message === null ? FALLBACK_MESSAGE : sanitise(message, instance),
    { status, vendorType, vendorCode, param: text(error['param']) },
  );
}

function kindOf(
  status: number | undefined,
  code: string | null,
  type: string | null,
): ProviderErrorKind {
  const byStatus = status === undefined ? undefined : KINDS_BY_STATUS.get(status);
  if (byStatus) return byStatus;
  for (const word of [code, type]) {
    const row = KINDS_BY_WORD.find(
      ([pattern]) => word !== null && pattern.test(word.toLowerCase()),
    );
    if (row) return row[1];
  }
  return 'failed';
}

/** The HTTP status that would have come, had the vendor known it in time. */
function statusOf(error: JsonObject): number | undefined {
  const candidates = [error['status'], error['status_code'], error['code']].map(Number);
  return candidates.find((code) => Number.isInteger(code) && code >= 400 && code <= 599);
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function sanitise(message: string, instance: ProviderInstance): string {
  return instance.apiKeys
    .reduce((shown, key) => shown.replaceAll(key.reveal(), '[key]'), message)
    .replace(/https?:\/\/\S+/g, '[url]')
    .slice(0, 1024);
}
