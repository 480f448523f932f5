import { ApiError } from '../common/errors/api-error.js';
import type { ProviderError, RejectionReason } from '../providers/contract/provider-error.js';

/** Told where a caller should come back but the vendor did not say when. */
const DEFAULT_RETRY_AFTER_MS = 1000;

/** What a client is told of an upstream's failure: the table of the public surface, in code. */
export function providerErrorToApiError(error: ProviderError): ApiError {
  const options = { cause: error, retryAfterMs: error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS };
  switch (error.kind) {
    case 'rejected':
      return new ApiError('upstream_rejected', error.message, {
        cause: error,
        status: error.status ?? 400,
        type: error.vendorType ?? 'invalid_request_error',
        wireCode: error.vendorCode ?? codeOf(error.reason),
        ...(error.param === null ? {} : { param: error.param }),
      });
    case 'rate_limited':
      return new ApiError('rate_limit_exceeded', error.message, options);
    case 'auth':
      return new ApiError('upstream_auth', 'The provider refused the credentials of this proxy.', {
        cause: error,
      });
    case 'invalid_response':
      return new ApiError('upstream_invalid_response', error.message, { cause: error });
    case 'timeout':
      return new ApiError('upstream_timeout', error.message, { cause: error });
    case 'unavailable':
      return new ApiError('upstream_unavailable', error.message, options);
    case 'failed':
    case 'aborted':
      return new ApiError('upstream_error', error.message, {
        cause: error,
        ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      });
  }
}

/** OpenAI's name for what other vendors say in words only. */
function codeOf(reason: RejectionReason | undefined): string | null {
  switch (reason) {
    case 'context_length':
      return 'context_length_exceeded';
    case 'content_policy':
      return 'content_filter';
    case undefined:
      return null;
  }
}
