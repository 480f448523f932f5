import type { RateSignal } from '../../providers/contract/rate-signal.js';
import { LimitWindow, WINDOW_MS } from '../rates/limit-window.js';
import { KeyRoom, type Sent } from './key-room.js';
import { LearnedRate, type Refused } from './learned-rate.js';

/** What the vendor counted in is seldom known better than to the second. */
const SHORTEST_SPAN_MS = 1_000;

/** With fewer calls within a minute a refusal shows no rate: the time it names is all there is to it. */
const LEAST_CALLS = 20;

/** A call's place under a limit that is learned. Nothing of it throws. */
export interface AdaptivePlace {
  /** What the answer tells of the vendor's limits. */
  readonly heard: (signal: RateSignal) => void;
  /** There was no call. At most once. */
  undo(): void;
}

/** How fast one model of one instance may be called, learned from the answers. */
export class TargetLimit {
  readonly #now: () => number;
  readonly #sent = new LimitWindow();
  readonly #refused = new LimitWindow();
  readonly #keys: KeyRoom[] = [];
  #calls = 0;
  #tokens = 0;
  #rate: LearnedRate | undefined;
  /** How many calls had been sent when the rate was lowered last. */
  #loweredAfter = 0;

  /** @param now milliseconds that never go back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds until there is room for a call; 0 when there is. */
  waitMs(): number {
    const now = this.#now();
    if (this.#rate?.isOverAt(now) === true) this.#rate = undefined;
    return Math.max(this.#keysWaitMs(now), this.#rate?.waitMs(now) ?? 0);
  }

  /** Requests per minute, 0 while none goes out; undefined where nothing is held back. */
  get perMinute(): number | undefined {
    const now = this.#now();
    if (this.#keysWaitMs(now) > 0) return 0;
    if (this.#rate === undefined || this.#rate.isOverAt(now)) return undefined;
    return Math.floor(this.#rate.at(now));
  }

  /**
   * A call is made.
   * @param tokens that it is expected to use; asked for only where the vendor tells what is left
   */
  begin(tokens: () => number): AdaptivePlace {
    const now = this.#now();
    const expected = this.#keys.some(({ hasTokens }) => hasTokens) ? tokens() : 0;
    const rate = this.#rate;
    const slot = this.#sent.add(1, now);
    this.#calls += 1;
    this.#tokens += expected;
    rate?.take(now);
    const sent = { calls: this.#calls, tokens: this.#tokens };
    return {
      heard: (signal) => this.#hear(signal, sent),
      undo: () => {
        this.#calls -= 1;
        this.#tokens -= expected;
        this.#sent.amend(slot, -1, this.#now());
        rate?.giveBack();
      },
    };
  }

  #hear(signal: RateSignal, sent: Sent): void {
    const now = this.#now();
    while (this.#keys.length < signal.keyCount) this.#keys.push(new KeyRoom());
    this.#keys[signal.keyIndex]?.hear(signal, sent, now);
    if (!signal.isRefusal) return;
    this.#refused.add(1, now);
    if (this.#sent.sumAt(now) < LEAST_CALLS) return;
    // While another key is not refused, the next call goes by that one.
    if (!this.#keys.every(({ refusedAt }) => now - refusedAt < WINDOW_MS)) return;
    this.#learn(this.#refusedAt(now, signal.retryAfterMs), sent);
  }

  #learn(refused: Refused, sent: Sent): void {
    const isNews = sent.calls > this.#loweredAfter;
    if (this.#rate === undefined || this.#rate.isOverAt(refused.now)) {
      this.#rate = new LearnedRate(refused);
    } else if (isNews) this.#rate.lower(refused);
    else this.#rate.correct(refused);
    if (isNews) this.#loweredAfter = this.#calls;
  }

  /**
   * What got through did so in the time since the oldest call of the last minute, and nothing more
   * will until the vendor says: that is the rate it allows. Who does not say means a minute.
   */
  #refusedAt(now: number, retryAfterMs = WINDOW_MS): Refused {
    const sent = this.#sent.sumAt(now);
    const passed = Math.max(0, sent - this.#refused.sumAt(now));
    const sending = WINDOW_MS - this.#sent.oldestLeavesIn(now);
    const between = (ms: number) => Math.min(WINDOW_MS, Math.max(SHORTEST_SPAN_MS, ms));
    return {
      passed: (passed * WINDOW_MS) / between(sending + retryAfterMs),
      sent: (sent * WINDOW_MS) / between(sending),
      now,
    };
  }

  /** With several keys, what the one has not that lets through most. */
  #keysWaitMs(now: number): number {
    if (this.#keys.length === 0) return 0;
    const sent = { calls: this.#calls, tokens: this.#tokens };
    return Math.min(...this.#keys.map((key) => key.waitMs(sent, now)));
  }
}
