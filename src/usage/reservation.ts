import type { Admission, Outcome, Settlement } from './admission.js';
import type { AppliedPrice } from './build-usage-entry.js';

/** A request that is in the ledger and not settled yet. */
export class Reservation {
  #settlement: Promise<Settlement> | undefined;

  constructor(
    readonly admission: Admission,
    /** Milliseconds since the epoch. */
    readonly createdAt: number,
    /** Of the first target, as it was at admission; undefined when there was none. */
    readonly price: AppliedPrice | undefined,
    private readonly settleOnce: (
      reservation: Reservation,
      outcome: Outcome,
    ) => Promise<Settlement>,
  ) {}

  get requestId(): string {
    return this.admission.requestId;
  }

  /**
   * Resolves when the closing entry is durable. Whoever comes second gets the first one's
   * settlement: a request is closed once, however its end is noticed.
   * @throws ApiError `ledger_unavailable`; the entry is then written as soon as the ledger is back.
   */
  settle(outcome: Outcome): Promise<Settlement> {
    return (this.#settlement ??= this.settleOnce(this, outcome));
  }
}
