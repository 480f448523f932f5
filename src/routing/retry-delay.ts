import type { ProviderError } from '../providers/contract/provider-error.js';
import type { RetrySettings } from '../config/provider-config.js';

/** A wait longer than this is the caller's decision, not ours. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Milliseconds to wait before the same target is tried again, or undefined when it should not be:
 * full jitter over a doubling base, never less than what the vendor asked for.
 */
export function retryDelay(
  error: ProviderError,
  tries: number,
  retries: RetrySettings,
): number | undefined {
  switch (error.kind) {
    case 'failed':
    case 'invalid_response':
      return jitter(tries, retries);
    case 'rate_limited': {
      if (error.outOfCredit) return undefined;
      const asked = error.retryAfterMs;
      if (asked === undefined) return jitter(tries, retries);
      return asked > LONGEST_WAIT_MS ? undefined : asked + jitter(tries, retries);
    }
    // A refused key or an open breaker answers the same a moment later, and who timed out has had its time.
    default:
      return undefined;
  }
}

function jitter(tries: number, { baseMs }: RetrySettings): number {
  return Math.random() * Math.min(baseMs * 2 ** (tries - 1), LONGEST_WAIT_MS);
}
