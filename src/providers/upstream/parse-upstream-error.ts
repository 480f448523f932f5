import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { type ErrorFields, findErrorFields } from './find-error-fields.js';
import { isAboutContent, rejectionReason } from './rejection-reason.js';
import { parseRetryAfter } from './parse-retry-after.js';
import { sanitiseMessage } from './sanitise-message.js';
import type { UpstreamResponse } from './upstream-call.js';

const BAD_KEY = /api[_ ]key[_ ](?:not valid|invalid|expired)|(?:incorrect|invalid) api key/i;
/** Some vendors tell with a 400 that the account, not the request, is at fault. */
const EMPTY_ACCOUNT = /credit balance is too low|reached your specified (?:api )?usage limits?/i;
const NO_MONEY =
  /insufficient[ _](?:quota|balance|credits?|funds)|billing|credit|spend(?:ing)?[ _]limit|exceeded your current quota/i;

/** What a status would have been, for errors that come with a 200 and name no number. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  invalid_argument: 400,
  failed_precondition: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  unauthenticated: 401,
  billing_error: 402,
  permission_error: 403,
  permission_denied: 403,
  not_found_error: 404,
  not_found: 404,
  model_not_found: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  resource_exhausted: 429,
  insufficient_quota: 429,
  overloaded_error: 529,
  timeout_error: 504,
};

/**
 * The `ProviderError` that an answer other than 2xx stands for, from any vendor's envelope. A body
 * that is no JSON is never shown. A 429 for want of money stays `rate_limited` (another target or
 * key may answer) but has no `retryAfterMs`: waiting does not help.
 */
export function parseUpstreamError(
  response: UpstreamResponse,
  instance: ProviderInstance,
): ProviderError {
  const fields = findErrorFields(parseJson(response.text)) ?? {};
  const { status, headers } = response;
  return toProviderError(status, kindOf(status, fields), fields, headers, instance);
}

/**
 * The error that a vendor sent with a 200, as a whole answer or as a record of a stream. `body` is
 * the parsed JSON. Undefined when it holds no error.
 */
export function parseInBandError(
  body: unknown,
  instance: ProviderInstance,
  headers: UpstreamResponse['headers'] = {},
): ProviderError | undefined {
  const fields = findErrorFields(body, true);
  if (!fields) return undefined;
  const status = statusOf(fields);
  const kind = status === undefined ? 'failed' : kindOf(status, fields);
  return toProviderError(status, kind, fields, headers, instance);
}

/** The vendor's own id of the request, for its support and for our logs. */
export function findUpstreamRequestId(headers: UpstreamResponse['headers']): string | undefined {
  const value =
    headers['x-request-id'] ??
    headers['request-id'] ??
    headers['apim-request-id'] ??
    headers['x-generation-id'];
  const id = Array.isArray(value) ? value[0] : value;
  return id !== undefined && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}

function toProviderError(
  status: number | undefined,
  kind: ProviderErrorKind,
  fields: ErrorFields,
  headers: UpstreamResponse['headers'],
  instance: ProviderInstance,
): ProviderError {
  const clean = (text: string | undefined) =>
    text === undefined ? null : sanitiseMessage(text, instance).slice(0, 128);
  // Who names a delay in the body means it, in whatever words: a quota per minute is a quota too.
  const hopeless =
    kind === 'rate_limited' &&
    fields.retryDelay === undefined &&
    NO_MONEY.test(`${fields.code} ${fields.type} ${fields.message}`);
  const message = sanitiseMessage(fields.message ?? '', instance);
  return new ProviderError(kind, message || describe(status), {
    status,
    reason: kind === 'rejected' ? rejectionReason(fields) : undefined,
    retryAfterMs: hopeless ? undefined : parseRetryAfter(status ?? 0, headers, fields, Date.now()),
    vendorType: clean(fields.type),
    vendorCode: clean(fields.code),
    param: clean(fields.param),
    upstreamRequestId: findUpstreamRequestId(headers),
  });
}

function kindOf(status: number, fields: ErrorFields): ProviderErrorKind {
  const words = `${fields.code} ${fields.type} ${fields.message}`;
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 402) return 'auth';
  // Some vendors answer 403 to a prompt that they will not serve to anybody.
  if (status === 403) return isAboutContent(fields) ? 'rejected' : 'auth';
  if (status === 400 && (BAD_KEY.test(words) || EMPTY_ACCOUNT.test(words))) return 'auth';
  if (status === 408) return 'timeout';
  // Conflict and "too early" pass by themselves.
  if (status === 409 || status === 425) return 'failed';
  if (status >= 400 && status < 500) return 'rejected';
  return status >= 500 ? 'failed' : 'invalid_response';
}

function statusOf(fields: ErrorFields): number | undefined {
  const code = Number(fields.code);
  if (Number.isInteger(code) && code >= 400 && code < 600) return code;
  for (const name of [fields.code, fields.type]) {
    const status = name === undefined ? undefined : STATUS_OF_TYPE[name.toLowerCase()];
    if (status !== undefined) return status;
  }
  return undefined;
}

function describe(status: number | undefined): string {
  if (status === undefined) return 'The upstream answered with an error';
  if (status >= 300 && status < 400) return 'The upstream answered with a redirect';
  return `The upstream answered with status ${status}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
