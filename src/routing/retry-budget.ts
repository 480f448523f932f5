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
export interface Loan {
  readonly second: Second;
  /** It goes to another place: when it answers, it is given back. */
  readonly goesElsewhere: boolean;
}

/** What an extra call is for. */
export interface LoanPurpose {
  readonly goesElsewhere: boolean;
  /** The same place again, although there is another one: half of the budget is for going there. */
  readonly hasAlternative?: boolean;
}

/** Requests that wait until a way out has worked for others. */
const MOST_WAITING = 1_000;

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
  /** Calls elsewhere that are on their way. */
  #open = 0;
  /** In the order in which they came. */
  readonly #waiting = new Set<(loan: Loan | undefined) => void>();

  constructor(options: { percent: number; now?: () => number }) {
    this.#percent = options.percent;
    this.#now = options.now ?? (() => performance.now());
  }

  /** A request makes its first call. */
  count(): void {
    this.#current().requests += 1;
  }

  /** Pays for one more call of a request; undefined when there is nothing left. */
  take({ goesElsewhere, hasAlternative = false }: LoanPurpose): Loan | undefined {
    const current = this.#current();
    let requests = 0;
    let extra = 0;
    for (const at of this.#window) {
      if (at === undefined || at.second <= current.second - WINDOW_SECONDS) continue;
      requests += at.requests;
      extra += at.extra;
    }
    const floor = this.#percent === 0 ? 0 : FLOOR;
    const most = Math.max(floor, (requests * this.#percent) / 100);
    if (extra + 1 > (hasAlternative ? most / 2 : most)) return undefined;
    current.extra += 1;
    if (goesElsewhere) this.#open += 1;
    return { second: current, goesElsewhere };
  }

  /**
   * For a call elsewhere, when there is nothing left: as soon as somebody's call elsewhere was worth
   * it, there is. Nothing is told when none is on its way that could be.
   * @param told with undefined when all of those have failed
   * @returns what ends the waiting; undefined where there is nothing to wait for
   */
  wait(told: (loan: Loan | undefined) => void): (() => void) | undefined {
    if (this.#open === 0 || this.#waiting.size >= MOST_WAITING) return undefined;
    this.#waiting.add(told);
    return () => this.#waiting.delete(told);
  }

  /** The call was not made, or was worth it. */
  giveBack(loan: Loan): void {
    loan.second.extra -= 1;
    this.#close(loan);
  }

  /** The call was made, and was not worth it. */
  keep(loan: Loan): void {
    this.#close(loan);
  }

  #close({ goesElsewhere }: Loan): void {
    if (goesElsewhere) this.#open -= 1;
    // Not at once: who is told may fail at once, and close its own.
    if (this.#waiting.size > 0) queueMicrotask(() => this.#tellWaiting());
  }

  #tellWaiting(): void {
    for (const told of this.#waiting) {
      const loan = this.take({ goesElsewhere: true });
      if (loan === undefined && this.#open > 0) return;
      this.#waiting.delete(told);
      told(loan);
    }
  }

  #current(): Second {
    const second = Math.floor(this.#now() / 1000);
    const at = this.#window[second % WINDOW_SECONDS];
    if (at?.second === second) return at;
    // A new object, so that a loan of a second long past cannot be given back to this one.
    return (this.#window[second % WINDOW_SECONDS] = { second, requests: 0, extra: 0 });
  }
}
