import type { ApiError } from './api-error.js';

/** The OpenAI error body. */
export interface ErrorEnvelope {
  error: { message: string; type: string; param: string | null; code: string | null };
}

export function errorEnvelope(error: ApiError): ErrorEnvelope {
  return {
    error: { message: error.message, type: error.type, param: error.param, code: error.wireCode },
  };
}

/** `retry-after` in whole seconds, rounded up so that nobody comes back too early, and in milliseconds. */
export function retryHeaders(error: ApiError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    headers['retry-after-ms'] = String(Math.max(1, Math.ceil(error.retryAfterMs)));
  }
  if (error.code === 'insufficient_quota') headers['x-should-retry'] = 'false';
  return headers;
}
