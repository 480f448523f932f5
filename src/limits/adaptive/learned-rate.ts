const MINUTE_MS = 60_000;
/** Fewer is never learned: one refusal of a quiet provider shows little. Requests per minute. */
const FLOOR = 30;
/** What a refusal leaves of a rate that was itself learned from one. */
const DECREASE = 0.8;
/** After which the rate is what it was before the refusal. */
const RECOVERY_MS = 60_000;
/** After which nothing is left to learn from the refusal. */
const MEMORY_MS = 120_000;
/** Seconds' worth that may go out at once. */
const BURST_SECONDS = 10;
const LEAST_BURST = 5;

/** What was seen when a vendor refused a call. */
export interface Refused {
  /** Requests per minute that got through, as well as it can be told. */
  readonly passed: number;
  /** Requests per minute that were sent. */
  readonly sent: number;
  readonly now: number;
}

/**
 * How fast calls go out after a vendor refused one: no faster than what it really let through, a
 * fifth slower with each refusal that comes nevertheless, and faster by and by while none does.
 * Calls are spread rather than counted per minute, because nobody says when a vendor's minute
 * begins. Times are milliseconds of a clock that never goes back.
 */
export class LearnedRate {
  #perMinute: number;
  /** Reached after the time of recovery. */
  #goal: number;
  #loweredAt: number;
  #room: number;
  #roomAt: number;

  constructor({ passed, sent, now }: Refused) {
    this.#perMinute = Math.max(FLOOR, passed);
    this.#goal = Math.max(this.#perMinute, sent);
    this.#loweredAt = now;
    this.#room = burstOf(this.#perMinute);
    this.#roomAt = now;
  }

  /** Requests per minute. */
  at(now: number): number {
    const recovered = (now - this.#loweredAt) / RECOVERY_MS;
    // Additive, and one percent of the goal at least, so that what was learned wrongly passes.
    const gain = Math.max(this.#goal - this.#perMinute, this.#goal / 100);
    return this.#perMinute + gain * recovered;
  }

  /** There has been no refusal for so long that nothing is to be held back. */
  isOverAt(now: number): boolean {
    return now - this.#loweredAt >= MEMORY_MS;
  }

  /** Another refusal, of a call that went out at this rate. */
  lower({ passed, now }: Refused): void {
    const before = this.at(now);
    this.#goal = before;
    this.#set(Math.min(passed, before * DECREASE), now);
    this.#loweredAt = now;
  }

  /** Another refusal, of a call that was out already when the rate was lowered: less got through than it seemed. */
  correct({ passed, now }: Refused): void {
    this.#set(Math.min(this.#perMinute, passed), now);
  }

  /** Milliseconds until there is room for a call; 0 when there is. */
  waitMs(now: number): number {
    this.#refill(now);
    return this.#room >= 1 ? 0 : ((1 - this.#room) * MINUTE_MS) / this.at(now);
  }

  take(now: number): void {
    this.#refill(now);
    this.#room -= 1;
  }

  giveBack(): void {
    this.#room += 1;
  }

  #set(perMinute: number, now: number): void {
    this.#refill(now);
    this.#perMinute = Math.max(FLOOR, perMinute);
    this.#room = Math.min(this.#room, burstOf(this.#perMinute));
  }

  #refill(now: number): void {
    const perMinute = this.at(now);
    const room = this.#room + ((now - this.#roomAt) * perMinute) / MINUTE_MS;
    this.#room = Math.min(burstOf(perMinute), room);
    this.#roomAt = now;
  }
}

function burstOf(perMinute: number): number {
  return Math.max(LEAST_BURST, Math.floor((perMinute * BURST_SECONDS * 1_000) / MINUTE_MS));
}
