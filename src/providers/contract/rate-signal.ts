/**
 * Milliseconds for which a vendor's wish not to be called is heeded at most: who asks for more is
 * asked again all the same, so that a change at the vendor is noticed.
 */
export const LONGEST_PAUSE_MS = 900_000;

/** What a vendor says is left of one of its limits. */
export interface VendorQuota {
  readonly kind: 'requests' | 'tokens';
  readonly remaining: number;
  /** Undefined where the vendor does not say. */
  readonly limit: number | undefined;
  /** Milliseconds until all of it is back; vendors give it back little by little. */
  readonly resetMs: number;
}

/** What the answer to one call tells of the vendor's limits. */
export interface RateSignal {
  /** 429. */
  readonly isRefusal: boolean;
  /** Milliseconds that a refusal asks us to wait; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;
  readonly quotas: readonly VendorQuota[];
  /** Which of the instance's keys made the call, and how many it has: limits are of a key's account. */
  readonly keyIndex: number;
  readonly keyCount: number;
}
