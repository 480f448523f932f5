import type { ApiErrorCode } from '../../common/errors/api-error-table.js';
import type { ApiError } from '../../common/errors/api-error.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import type { MessagesErrorBody, MessagesErrorType } from './messages-answer-api.js';

/** Anthropic's own number for "come back later"; its clients know it. */
const OVERLOADED = 529;
/** Claude Code makes its conversation shorter when it reads this. */
const TOO_LONG = 'prompt is too long';

/** What has no line here goes by its status. */
const TYPES: Readonly<Partial<Record<ApiErrorCode, MessagesErrorType>>> = {
  insufficient_quota: 'billing_error',
  request_timeout: 'timeout_error',
  upstream_unavailable: 'overloaded_error',
};

const TYPES_BY_STATUS: ReadonlyMap<number, MessagesErrorType> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [OVERLOADED, 'overloaded_error'],
]);

export interface MessagesError {
  /** Of the HTTP answer, where there still is one to give. */
  readonly status: number;
  readonly body: MessagesErrorBody;
}

/** An error as Anthropic's clients know it; the same body is the `error` event of a stream. */
export function convertToMessagesError(error: ApiError, requestId: string): MessagesError {
  const type = isOverload(error) ? 'overloaded_error' : (TYPES[error.code] ?? mapStatus(error));
  return {
    status: type === 'overloaded_error' ? OVERLOADED : error.status,
    body: { type: 'error', error: { type, message: messageOf(error) }, request_id: requestId },
  };
}

/** The vendor itself said that it cannot keep up. */
function isOverload({ code, cause }: ApiError): boolean {
  return (
    code === 'upstream_error' &&
    cause instanceof ProviderError &&
    (cause.status === 503 || cause.status === OVERLOADED)
  );
}

function mapStatus({ status }: ApiError): MessagesErrorType {
  return TYPES_BY_STATUS.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

function messageOf({ wireCode, message }: ApiError): string {
  const isTooLong = wireCode === 'context_length_exceeded' && !message.includes(TOO_LONG);
  return isTooLong ? `${TOO_LONG}: ${message}` : message;
}
