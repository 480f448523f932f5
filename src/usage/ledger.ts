import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { ApiError } from '../common/errors/api-error.js';
import { newRequestId } from '../common/http/request-id.js';
import { isUniqueViolation, WriteQueueFullError } from '../database/database-errors.js';
import { ProcessLease } from '../database/process-lease.js';
import type { Admission, Outcome, Settlement } from './admission.js';
import { closingEntry, refusedOutcome, reservedEntry } from './build-usage-entry.js';
import type { AppliedPrice } from './applied-price.js';
import { UsageFigures } from './figures/usage-figures.js';
import { LateEntries } from './late-entries.js';
import { PriceRecords } from './price-records.js';
import { NO_MONEY, Reservation, type HeldMoney } from './reservation.js';
import { UsageEntries } from './usage-entries.js';
import type { UsageEntry } from './usage-entry.js';

/**
 * The books. A request is reserved durably before an upstream is called and settled durably
 * before its client sees the end; every total anywhere is a sum over these entries.
 */
@Injectable()
export class Ledger implements OnModuleInit {
  /**
   * When the open ones were admitted, in milliseconds since the epoch; in that order, so the first
   * is the oldest. Not the reservations themselves: see `InFlight` for what a `Map` does to them.
   */
  readonly #open = new Map<string, number>();
  readonly #closings = new Subject<UsageEntry>();
  /** Closing entries of this process, as they become durable; for whoever looks on. */
  readonly closings: Observable<UsageEntry> = this.#closings.asObservable();

  constructor(
    private readonly entries: UsageEntries,
    private readonly late: LateEntries,
    private readonly prices: PriceRecords,
    private readonly lease: ProcessLease,
    private readonly figures: UsageFigures,
  ) {}

  onModuleInit(): void {
    this.lease.setOldestOpen(() => this.oldestOpen());
    this.figures.watch(this);
  }

  get openReservations(): number {
    return this.#open.size;
  }

  /** Closing entries that wait for the database. */
  get lateEntries(): number {
    return this.late.size;
  }

  /** Admission time of the oldest request in flight, in milliseconds since the epoch. */
  oldestOpen(): number | undefined {
    return this.#open.values().next().value;
  }

  /**
   * Resolves when the reservation is durable; only then may an upstream be called. A request id
   * that the ledger has seen before is replaced by a new one: read it from the reservation.
   * @param money set aside for the request; set free when its closing entry is durable, or here when it fails
   * @throws ApiError `ledger_unavailable`
   */
  async reserve(admission: Admission, money: HeldMoney = NO_MONEY): Promise<Reservation> {
    if (this.#open.has(admission.requestId)) return this.#reserveAnew(admission, money);
    const { provider, model } = admission;
    const price = this.prices.applied({ instance: provider, model });
    const reservation = new Reservation({
      admission,
      // The period of a budget that the cost counts in is the one that the money was taken from.
      createdAt: money.at ?? Date.now(),
      price,
      money,
      settle: (self, outcome) => this.#settle(self, outcome),
    });
    this.#open.set(reservation.requestId, reservation.createdAt);
    try {
      await this.entries.append(reservedEntry(reservation, this.lease.id));
      return reservation;
    } catch (error) {
      this.#open.delete(reservation.requestId);
      if (isUniqueViolation(error)) return this.#reserveAnew(admission, money);
      money.settle(0);
      // A queue that is full has written nothing for certain.
      if (!(error instanceof WriteQueueFullError)) this.#doubt(reservation);
      throw ledgerUnavailable(error, 'the request was not carried out');
    }
  }

  /** Resolves when no closing entry waits to be written any more. */
  flush(): Promise<void> {
    return this.late.flush();
  }

  /** The id was taken: the caller chose it, or repeated itself. Ours are unique. */
  #reserveAnew(admission: Admission, money: HeldMoney): Promise<Reservation> {
    return this.reserve({ ...admission, requestId: newRequestId() }, money);
  }

  #doubt({ admission, createdAt }: Reservation): void {
    this.late.doubt(
      closingEntry({
        admission,
        reservedNanoUsd: null,
        createdAt,
        processId: this.lease.id,
        outcome: refusedOutcome(admission),
        price: undefined,
      }),
    );
  }

  async #settle(reservation: Reservation, outcome: Outcome): Promise<Settlement> {
    const { admission, createdAt, money } = reservation;
    const entry = closingEntry({
      admission,
      reservedNanoUsd: money.reservedNanoUsd,
      createdAt,
      processId: this.lease.id,
      outcome,
      price: this.#priceOf(reservation, outcome),
    });
    try {
      await this.entries.close(entry);
    } catch (error) {
      this.late.add(entry, () => this.#closed(reservation, entry));
      throw ledgerUnavailable(error, 'the answer is withheld');
    }
    this.#closed(reservation, entry);
    return { costNanoUsd: entry.costNanoUsd };
  }

  /** Its entry is durable. */
  #closed({ requestId, money }: Reservation, entry: UsageEntry): void {
    this.#open.delete(requestId);
    money.settle(entry.costNanoUsd);
    this.figures.count(entry);
    this.#closings.next(entry);
  }

  /** Frozen at admission for the first target; a fallback's is that of the moment of admission. */
  #priceOf(
    { admission, createdAt, price }: Reservation,
    outcome: Outcome,
  ): AppliedPrice | undefined {
    const { provider, model } = outcome;
    if (provider === admission.provider && model === admission.model) return price;
    return this.prices.applied({ instance: provider, model }, new Date(createdAt));
  }
}

function ledgerUnavailable(cause: unknown, consequence: string): ApiError {
  return new ApiError(
    'ledger_unavailable',
    `Usage cannot be recorded at the moment, so ${consequence}.`,
    { cause, retryAfterMs: 1000 },
  );
}
