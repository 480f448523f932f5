export const WINDOW_MS = 60_000;
export const SLOT_MS = 1_000;

/** What was used within a second. */
export interface WindowSlot {
  readonly window: LimitWindow;
  /** Milliseconds, as are all times. */
  readonly startedAt: number;
  lastAt: number;
  amount: number;
  hasLeft: boolean;
}

/**
 * What was used in the last minute, to the second. A slot begins with its first use and leaves a
 * minute after its last one, so that no minute whatsoever, also one that begins within a second,
 * has more in it than the sum was at its end.
 */
export class LimitWindow {
  /** Oldest first; at most 62, because two begin a second apart at least. */
  readonly #slots: WindowSlot[] = [];
  #sum = 0;

  /** Nothing counts any more, as of the last look. */
  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  /** What counts at `now`. Times never go back. */
  sumAt(now: number): number {
    this.#expire(now);
    return this.#sum;
  }

  add(amount: number, now: number): WindowSlot {
    this.#expire(now);
    this.#sum += amount;
    const newest = this.#slots[this.#slots.length - 1];
    if (newest !== undefined && now - newest.startedAt < SLOT_MS) {
      newest.amount += amount;
      newest.lastAt = now;
      return newest;
    }
    const slot = { window: this, startedAt: now, lastAt: now, amount, hasLeft: false };
    this.#slots.push(slot);
    return slot;
  }

  /** Corrects what was added, as long as it counts. */
  amend(slot: WindowSlot, difference: number, now: number): void {
    this.#expire(now);
    if (slot.hasLeft) return;
    slot.amount += difference;
    this.#sum += difference;
  }

  /** Until the sum is `most` or less; infinite for less than nothing. */
  waitUntil(most: number, now: number): number {
    this.#expire(now);
    if (most < 0) return Number.POSITIVE_INFINITY;
    let sum = this.#sum;
    let wait = 0;
    for (const slot of this.#slots) {
      if (sum <= most) break;
      sum -= slot.amount;
      wait = slot.lastAt + WINDOW_MS - now;
    }
    return wait;
  }

  /** Until the oldest use leaves; 0 where there is none. */
  oldestLeavesIn(now: number): number {
    const oldest = this.#slots[0];
    return oldest === undefined ? 0 : Math.max(0, oldest.lastAt + WINDOW_MS - now);
  }

  #expire(now: number): void {
    let oldest = this.#slots[0];
    while (oldest !== undefined && oldest.lastAt + WINDOW_MS <= now) {
      oldest.hasLeft = true;
      this.#sum -= oldest.amount;
      this.#slots.shift();
      oldest = this.#slots[0];
    }
  }
}
