import { LONGEST_PAUSE_MS, type RateSignal } from '../../providers/contract/rate-signal.js';
import { QuotaRoom } from './quota-room.js';

/** Timers fire a little early. */
const TIMER_SLACK_MS = 2;

/** What was sent so far, ever. */
export interface Sent {
  readonly calls: number;
  readonly tokens: number;
}

/** What one key's account lets through, as far as the vendor has said. */
export class KeyRoom {
  #pausedUntil = -Infinity;
  #requests: QuotaRoom | undefined;
  #tokens: QuotaRoom | undefined;
  /** How many calls had been sent when the newest one was whose answer has been heard. */
  #newest = 0;
  refusedAt = -Infinity;

  /** Whether the vendor says how many tokens are left. */
  get hasTokens(): boolean {
    return this.#tokens !== undefined;
  }

  /** @param sent when the call was made, the call included */
  hear(signal: RateSignal, sent: Sent, now: number): void {
    if (signal.isRefusal) this.refusedAt = now;
    if (signal.retryAfterMs !== undefined) {
      const pause = Math.min(signal.retryAfterMs, LONGEST_PAUSE_MS);
      this.#pausedUntil = Math.max(this.#pausedUntil, now + pause);
    }
    // An older call's answer may arrive later, and says what was left before.
    if (sent.calls < this.#newest) return;
    this.#newest = sent.calls;
    for (const quota of signal.quotas) {
      if (quota.kind === 'requests') this.#requests = new QuotaRoom(quota, now, sent.calls);
      else this.#tokens = new QuotaRoom(quota, now, sent.tokens);
    }
  }

  waitMs(sent: Sent, now: number): number {
    const paused = this.#pausedUntil - now;
    return Math.max(
      paused > TIMER_SLACK_MS ? paused : 0,
      this.#requests?.waitMs(sent.calls, now) ?? 0,
      this.#tokens?.waitMs(sent.tokens, now) ?? 0,
    );
  }
}
