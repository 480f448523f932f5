import { describe, expect, it } from 'vitest';
import type { ApiErrorCode } from '../../common/errors/api-error-table.js';
import { API_ERRORS } from '../../common/errors/api-error-table.js';
import { ApiError, type ApiErrorOptions } from '../../common/errors/api-error.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { convertToMessagesError } from './messages-error.js';
import { readJsonWithAnthropicSdk } from './messages-grammar.contract.js';

describe(convertToMessagesError.name, () => {
  it.each<[ApiErrorCode, ApiErrorOptions, number, string]>([
    ['invalid_json', {}, 400, 'invalid_request_error'],
    ['unsupported_parameter', {}, 400, 'invalid_request_error'],
    ['invalid_api_key', {}, 401, 'authentication_error'],
    ['insufficient_permissions', {}, 403, 'permission_error'],
    ['model_not_found', {}, 404, 'not_found_error'],
    ['request_timeout', {}, 408, 'timeout_error'],
    ['idempotency_in_progress', {}, 409, 'invalid_request_error'],
    ['request_too_large', {}, 413, 'request_too_large'],
    ['rate_limit_exceeded', {}, 429, 'rate_limit_error'],
    ['insufficient_quota', {}, 429, 'billing_error'],
    ['internal_error', {}, 500, 'api_error'],
    ['upstream_error', {}, 502, 'api_error'],
    ['upstream_auth', {}, 502, 'api_error'],
    ['upstream_unavailable', {}, 529, 'overloaded_error'],
    ['ledger_unavailable', {}, 503, 'api_error'],
    ['shutting_down', {}, 503, 'api_error'],
    ['upstream_timeout', {}, 504, 'timeout_error'],
    ['upstream_rejected', {}, 400, 'invalid_request_error'],
    ['upstream_rejected', { status: 413 }, 413, 'request_too_large'],
    ['upstream_rejected', { status: 422 }, 422, 'invalid_request_error'],
    ['upstream_error', { cause: vendorSaid(529) }, 529, 'overloaded_error'],
    ['upstream_error', { cause: vendorSaid(503) }, 529, 'overloaded_error'],
    ['upstream_error', { cause: vendorSaid(500) }, 502, 'api_error'],
  ])('tells %s %j as %i %s', (code, options, status, type) => {
    const error = new ApiError(code, 'So it is.', options);
    expect(convertToMessagesError(error, 'req_1')).toEqual({
      status,
      body: { type: 'error', error: { type, message: 'So it is.' }, request_id: 'req_1' },
    });
  });

  it('says what makes Claude Code shorten its conversation', () => {
    const options = { wireCode: 'context_length_exceeded' };
    const error = new ApiError('upstream_rejected', 'At most 8192 tokens.', options);
    expect(convertToMessagesError(error, 'req_1').body.error.message).toBe(
      'prompt is too long: At most 8192 tokens.',
    );
  });

  it.each(Object.keys(API_ERRORS) as ApiErrorCode[])(
    "is understood by Anthropic's client: %s",
    async (code) => {
      const { status, body } = convertToMessagesError(new ApiError(code, 'So it is.'), 'req_1');
      await expect(readJsonWithAnthropicSdk(status, body)).rejects.toMatchObject({
        status,
        type: body.error.type,
        apiMessage: 'So it is.',
      });
    },
  );
});

function vendorSaid(status: number): ProviderError {
  return new ProviderError('failed', 'No.', { status });
}
