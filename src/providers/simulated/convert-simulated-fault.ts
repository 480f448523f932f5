import { ProviderError } from '../contract/provider-error.js';
import type { SimulatedFault } from './simulated-api.js';

const RETRY_AFTER_MS = 1000;

/** What the proxy makes of a failure of this vendor. */
export function convertSimulatedFault(fault: SimulatedFault): ProviderError {
  switch (fault) {
    case 'error-429':
      return new ProviderError('rate_limited', 'Rate limit reached, as this model always says', {
        status: 429,
        retryAfterMs: RETRY_AFTER_MS,
        vendorType: 'rate_limit_error',
        vendorCode: 'rate_limit_exceeded',
      });
    case 'error-timeout':
      return new ProviderError('timeout', 'The upstream did not answer at all');
    case 'error-malformed':
      return new ProviderError('invalid_response', 'The upstream sent a chunk that cannot be read');
    case 'error-mid-stream':
      return new ProviderError('failed', 'The connection broke before the answer was complete');
    case 'error-500':
      return new ProviderError('failed', 'The server had an error, as this model always has', {
        status: 500,
        vendorType: 'server_error',
      });
  }
}
