const WINDOW_SECONDS = 10;
/** Extra calls that a window may have however few requests it had: a quiet proxy may retry, too. */
const FLOOR = 10;

/** What happened in one second. */
interface Second {
  second: number;
  requests: number;
  extra: number;
}

/** An extra call that was paid for. */
export type Loan = Second;

/**
 * Keeps a failing upstream from being called more often than its clients call: over any ten
 * seconds, this process makes at most `percent` extra calls per hundred requests, or ten. Seconds are
 * those of `now`, milliseconds of a clock that does not jump.
 */
export class RetryBudget {
  readonly #percent: number;
  readonly #now: () => number;
  /** A ring: each second is at its remainder. */
  readonly #window: Second[] = [];

  constructor(options: { percent: number; now?: () => number }) {
    this.#percent = options.percent;
    this.#now = options.now ?? (() => performance.now());
  }

  /** A request makes its first call. */
  count(): void {
    this.#current().requests += 1;
  }

  /** Pays for one more call of a request; undefined when there is nothing left. */
  take(): Loan | undefined {
    const current = this.#current();
    let requests = 0;
    let extra = 0;
    for (const at of this.#window) {
      if (at === undefined || at.second <= current.second - WINDOW_SECONDS) continue;
      requests += at.requests;
      extra += at.extra;
    }
    const floor = this.#percent === 0 ? 0 : FLOOR;
    if (extra + 1 > Math.max(floor, (requests * this.#percent) / 100)) return undefined;
    current.extra += 1;
    return current;
  }

  /** The call was not made, or was worth it. */
  giveBack(loan: Loan): void {
    loan.extra -= 1;
  }

  #current(): Second {
    const second = Math.floor(this.#now() / 1000);
    const at = this.#window[second % WINDOW_SECONDS];
    if (at?.second === second) return at;
    // A new object, so that a loan of a second long past cannot be given back to this one.
    return (this.#window[second % WINDOW_SECONDS] = { second, requests: 0, extra: 0 });
  }
}
