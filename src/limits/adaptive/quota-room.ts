import type { VendorQuota } from '../../providers/contract/rate-signal.js';

/** Against rounding: a room of 0.9999999 is one. */
const EPSILON = 1e-6;

/**
 * What is left of a vendor's limit, from what it said with one answer: less what was sent since,
 * plus what comes back until all is. Times are milliseconds of a clock that never goes back.
 */
export class QuotaRoom {
  readonly #quota: VendorQuota;
  readonly #at: number;
  readonly #sentBefore: number;

  /** @param sentBefore of all that was ever sent, what the vendor's figure has counted */
  constructor(quota: VendorQuota, now: number, sentBefore: number) {
    this.#quota = quota;
    this.#at = now;
    this.#sentBefore = sentBefore;
  }

  /**
   * Milliseconds until something is left; 0 when it is. The last request that is let in may use
   * more than is left: what one uses is known only when it has ended.
   * @param sent all that was ever sent
   */
  waitMs(sent: number, now: number): number {
    const { remaining, limit, resetMs } = this.#quota;
    const untilReset = this.#at + resetMs - now;
    if (untilReset <= 0) return 0;
    // Who does not say how much there is gives it back at the end, as far as we know.
    const perMs = limit === undefined ? 0 : Math.max(0, limit - remaining) / resetMs;
    const since = Math.max(0, sent - this.#sentBefore);
    const left = remaining + perMs * (now - this.#at) - since;
    if (left >= 1 - EPSILON) return 0;
    return perMs === 0 ? untilReset : Math.min(untilReset, (1 - left) / perMs);
  }
}
