/** Every error a caller can be answered with: HTTP status, `error.type`, and how loudly it is logged. */
export const API_ERRORS = {
  invalid_json: { status: 400, type: 'invalid_request_error', level: 'info' },
  invalid_value: { status: 400, type: 'invalid_request_error', level: 'info' },
  unsupported_parameter: { status: 400, type: 'invalid_request_error', level: 'info' },
  ambiguous_model: { status: 400, type: 'invalid_request_error', level: 'info' },
  conflicting_credentials: { status: 400, type: 'invalid_request_error', level: 'info' },
  idempotency_mismatch: { status: 400, type: 'idempotency_error', level: 'info' },
  invalid_api_key: { status: 401, type: 'invalid_request_error', level: 'info' },
  session_invalid: { status: 401, type: 'authentication_error', level: 'info' },
  /** The same for an unknown address, a wrong password and a disabled account. */
  invalid_credentials: { status: 401, type: 'authentication_error', level: 'info' },
  password_change_required: { status: 403, type: 'permission_error', level: 'info' },
  setup_token_invalid: { status: 403, type: 'permission_error', level: 'info' },
  /** A cookie came along with a request that another site may have made. */
  cross_site_request: { status: 403, type: 'permission_error', level: 'info' },
  insufficient_permissions: { status: 403, type: 'permission_error', level: 'info' },
  model_not_found: { status: 404, type: 'invalid_request_error', level: 'info' },
  not_found: { status: 404, type: 'invalid_request_error', level: 'info' },
  request_timeout: { status: 408, type: 'invalid_request_error', level: 'info' },
  idempotency_in_progress: { status: 409, type: 'idempotency_error', level: 'info' },
  idempotency_not_replayable: { status: 409, type: 'idempotency_error', level: 'info' },
  unsupported_database: { status: 409, type: 'invalid_request_error', level: 'info' },
  conflict: { status: 409, type: 'invalid_request_error', level: 'info' },
  request_too_large: { status: 413, type: 'invalid_request_error', level: 'info' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error', level: 'info' },
  upgrade_required: { status: 426, type: 'invalid_request_error', level: 'info' },
  headers_too_large: { status: 431, type: 'invalid_request_error', level: 'info' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error', level: 'info' },
  insufficient_quota: { status: 429, type: 'insufficient_quota', level: 'info' },
  internal_error: { status: 500, type: 'server_error', level: 'error' },
  upstream_error: { status: 502, type: 'upstream_error', level: 'warn' },
  upstream_invalid_response: { status: 502, type: 'upstream_error', level: 'warn' },
  upstream_auth: { status: 502, type: 'upstream_error', level: 'error' },
  upstream_unavailable: { status: 503, type: 'service_unavailable_error', level: 'warn' },
  ledger_unavailable: { status: 503, type: 'service_unavailable_error', level: 'error' },
  /** There may be thousands a second, and that it is so is logged by itself. */
  overloaded: { status: 503, type: 'service_unavailable_error', level: 'debug' },
  shutting_down: { status: 503, type: 'service_unavailable_error', level: 'info' },
  upstream_timeout: { status: 504, type: 'upstream_error', level: 'warn' },
  /** An upstream's 4xx that is the caller's fault: status, type and code are the upstream's own. */
  upstream_rejected: { status: 400, type: 'invalid_request_error', level: 'info' },
} as const satisfies Record<string, { status: number; type: string; level: string }>;

export type ApiErrorCode = keyof typeof API_ERRORS;
