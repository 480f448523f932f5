import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { newRequestId } from '../common/http/request-context.js';
import { ApiError } from '../common/errors/api-error.js';
import type { Price } from '../catalog/price.js';
import { Catalog } from '../catalog/catalog.service.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';
import {
  DatabaseUnavailableError,
  isUnavailable,
  isUniqueViolation,
} from '../database/database-errors.js';
import { ProcessLease } from '../database/process-lease.js';
import type { Admission, Outcome, Settlement } from './admission.js';
import { closingEntry, differenceEntry, reservedEntry } from './build-usage-entry.js';
import { Reservation } from './reservation.js';
import { UsageEntries } from './usage-entries.js';
import type { UsageEntry } from './usage-entry.js';

const RETRY_UNSETTLED_MS = 500;

/**
 * The books. A request is reserved durably before an upstream is called and settled durably
 * before its client sees the end; every total anywhere is a sum over these entries.
 */
@Injectable()
export class Ledger implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(Ledger.name);
  /** In order of admission, so the first is the oldest. */
  readonly #open = new Map<string, Reservation>();
  /** Closing entries that could not be written yet; their requests stay open until they are. */
  readonly #unsettled = new Map<string, UsageEntry>();
  #retryTimer: NodeJS.Timeout | undefined;
  #retrying: Promise<void> | undefined;
  /** An outage is told once, at its beginning, and once at its end. */
  #failureTold = false;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly entries: UsageEntries,
    private readonly catalog: Catalog,
    private readonly lease: ProcessLease,
  ) {}

  onModuleInit(): void {
    this.lease.setOldestOpen(() => this.oldestOpen());
  }

  onModuleDestroy(): void {
    clearTimeout(this.#retryTimer);
  }

  get openReservations(): number {
    return this.#open.size;
  }

  isOpen(requestId: string): boolean {
    return this.#open.has(requestId);
  }

  /** Admission time of the oldest request in flight, in milliseconds since the epoch. */
  oldestOpen(): number | undefined {
    for (const reservation of this.#open.values()) return reservation.createdAt;
    return undefined;
  }

  /**
   * Resolves when the reservation is durable; only then may an upstream be called. A request id
   * that the ledger has seen before is replaced by a new one: read it from the reservation.
   * @throws ApiError `ledger_unavailable`
   */
  async reserve(admission: Admission): Promise<Reservation> {
    if (this.#open.has(admission.requestId)) return this.#reserveAnew(admission);
    const { provider, model } = admission;
    const price = this.catalog.findPrice({ instance: provider, model });
    const reservation = new Reservation(admission, Date.now(), price, (self, outcome) =>
      this.#settle(self, outcome),
    );
    this.#open.set(reservation.requestId, reservation);
    try {
      await this.writer.append(
        this.entries,
        reservedEntry(admission, reservation.createdAt, this.lease.id),
      );
      return reservation;
    } catch (error) {
      this.#open.delete(reservation.requestId);
      if (isUniqueViolation(error)) return this.#reserveAnew(admission);
      throw ledgerUnavailable(error);
    }
  }

  /** Resolves when no closing entry waits to be written any more. */
  async flushUnsettled(): Promise<void> {
    while (this.#unsettled.size > 0) {
      await this.#retryUnsettled();
      if (this.#unsettled.size > 0) await pause(RETRY_UNSETTLED_MS);
    }
  }

  /** The id was taken: the caller chose it, or repeated itself. Ours are unique. */
  #reserveAnew(admission: Admission): Promise<Reservation> {
    return this.reserve({ ...admission, requestId: newRequestId() });
  }

  async #settle(reservation: Reservation, outcome: Outcome): Promise<Settlement> {
    const entry = closingEntry({
      admission: reservation.admission,
      createdAt: reservation.createdAt,
      processId: this.lease.id,
      outcome,
      price: this.#priceOf(reservation, outcome),
    });
    try {
      await this.#writeClosing(entry);
    } catch (error) {
      this.#unsettled.set(entry.requestId, entry);
      this.#scheduleRetry();
      throw ledgerUnavailable(error);
    }
    this.#open.delete(entry.requestId);
    return { costNanoUsd: entry.costNanoUsd };
  }

  /** Frozen at admission for the first target; a fallback's is that of the moment of admission. */
  #priceOf({ admission, createdAt, price }: Reservation, outcome: Outcome): Price | undefined {
    const { provider, model } = outcome;
    if (provider === admission.provider && model === admission.model) return price;
    return this.catalog.findPrice({ instance: provider, model }, new Date(createdAt));
  }

  async #writeClosing(entry: UsageEntry): Promise<void> {
    try {
      await this.writer.append(this.entries, entry);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await this.#correct(entry, error);
    }
  }

  /**
   * Another process took us for dead and closed the request as interrupted. What it wrote stays;
   * the difference to the truth is added.
   */
  async #correct(entry: UsageEntry, cause: unknown): Promise<void> {
    const closed = await this.entries.findClosing(entry.requestId);
    if (closed === undefined) throw new DatabaseUnavailableError(cause);
    // It is our own: written by an attempt whose success we were not told of.
    if (closed.kind !== 'interrupted') return;
    await this.writer.append(this.entries, differenceEntry(entry, closed));
  }

  #scheduleRetry(): void {
    if (this.#retryTimer !== undefined) return;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      void this.#retryUnsettled();
    }, RETRY_UNSETTLED_MS).unref();
  }

  /** One at a time: two that write the same entry would take each other for a stranger. */
  #retryUnsettled(): Promise<void> {
    return (this.#retrying ??= this.#writeUnsettled().finally(() => {
      this.#retrying = undefined;
    }));
  }

  async #writeUnsettled(): Promise<void> {
    for (const [requestId, entry] of this.#unsettled) {
      try {
        await this.#writeClosing(entry);
      } catch (error) {
        this.#tellFailure(error);
        // One row that the database refuses does not keep the others from being written.
        if (isUnavailable(error)) break;
        continue;
      }
      this.#unsettled.delete(requestId);
      this.#open.delete(requestId);
    }
    if (this.#unsettled.size > 0) {
      this.#scheduleRetry();
    } else if (this.#failureTold) {
      this.#failureTold = false;
      this.#logger.log({ message: 'all settlements are written' });
    }
  }

  #tellFailure(error: unknown): void {
    if (this.#failureTold) return;
    this.#failureTold = true;
    this.#logger.error({
      message: 'settlements wait for the database',
      count: this.#unsettled.size,
      err: error,
    });
  }
}

function ledgerUnavailable(cause: unknown): ApiError {
  return new ApiError(
    'ledger_unavailable',
    'Usage cannot be recorded at the moment, so the request was not carried out.',
    { cause, retryAfterMs: 1000 },
  );
}
