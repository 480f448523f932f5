import type { Admission, Outcome, Settlement } from './admission.js';
import type { AppliedPrice } from './applied-price.js';

/** Money set aside for a request, as far as the ledger has to do with it. */
export interface HeldMoney {
  /** When it was set aside, in milliseconds since the epoch; undefined where nothing was. */
  readonly at?: number | undefined;
  /** Null where nobody has a budget. */
  readonly reservedNanoUsd: number | null;
  /** The request is closed in the books, or was never in them. Exactly once; never throws. */
  settle(costNanoUsd: number | null): void;
}

export const NO_MONEY: HeldMoney = { reservedNanoUsd: null, settle: () => undefined };

export interface ReservationParts {
  readonly admission: Admission;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Of the first target, as it was at admission; undefined when there was none. */
  readonly price: AppliedPrice | undefined;
  readonly money: HeldMoney;
  readonly settle: (reservation: Reservation, outcome: Outcome) => Promise<Settlement>;
}

/** A request that is in the ledger and not settled yet. */
export class Reservation {
  readonly admission: Admission;
  readonly createdAt: number;
  readonly price: AppliedPrice | undefined;
  readonly money: HeldMoney;
  readonly #settleOnce: ReservationParts['settle'];
  #settlement: Promise<Settlement> | undefined;

  constructor({ admission, createdAt, price, money, settle }: ReservationParts) {
    this.admission = admission;
    this.createdAt = createdAt;
    this.price = price;
    this.money = money;
    this.#settleOnce = settle;
  }

  get requestId(): string {
    return this.admission.requestId;
  }

  /**
   * Resolves when the closing entry is durable. Whoever comes second gets the first one's
   * settlement: a request is closed once, however its end is noticed.
   * @throws ApiError `ledger_unavailable`; the entry is then written as soon as the ledger is back.
   */
  settle(outcome: Outcome): Promise<Settlement> {
    return (this.#settlement ??= this.#settleOnce(this, outcome));
  }
}
