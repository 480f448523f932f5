import type { Loan, LoanPurpose, RetryBudget } from './retry-budget.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What one request owes the process's budget: a call at a time, or the wait for one. */
export class RequestLoan {
  readonly #budget: RetryBudget | undefined;
  #loan: Loan | undefined;
  #stopWaiting: (() => void) | undefined;

  /** @param budget everything is paid for when absent */
  constructor(budget: RetryBudget | undefined) {
    this.#budget = budget;
  }

  /** The request makes its first call. */
  count(): void {
    this.#budget?.count();
  }

  /** Whether the next call is paid for. */
  take(purpose: LoanPurpose): boolean {
    if (this.#budget === undefined) return true;
    this.#loan = this.#budget.take(purpose);
    return this.#loan !== undefined;
  }

  /**
   * As `RetryBudget.wait`, for a while at most. Tells whether the call is paid for, at once or later,
   * and nothing once it is closed.
   */
  wait(waitMs: number, told: (isPaid: boolean) => void): void {
    const settle = (loan: Loan | undefined): void => {
      clearTimeout(timer);
      this.#stopWaiting = undefined;
      this.#loan = loan;
      told(loan !== undefined);
    };
    const leave = this.#budget?.wait(settle);
    if (leave === undefined) {
      told(false);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      leave();
    };
    const timer = setTimeout(
      () => {
        leave();
        settle(undefined);
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
    this.#stopWaiting = stop;
  }

  /** The call was not made, or was worth it. */
  giveBack(): void {
    if (this.#loan !== undefined) this.#budget?.giveBack(this.#loan);
    this.#loan = undefined;
  }

  /** The call was not worth it. Nothing where there is none, or none any more. */
  keep(): void {
    if (this.#loan !== undefined) this.#budget?.keep(this.#loan);
    this.#loan = undefined;
  }

  /** Nothing more is asked for; what was lent stays so. */
  close(): void {
    this.#stopWaiting?.();
    this.keep();
  }
}
