import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../database/data-source-options.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';
import { ProcessLease, type ProcessRow } from '../database/process-lease.js';
import { interruptedEntry } from './build-usage-entry.js';
import type { AppliedPrice } from './applied-price.js';
import { findOpenReservations } from './find-open-reservations.js';
import { PriceRecords } from './price-records.js';
import { UsageEntries } from './usage-entries.js';
import type { UsageEntry } from './usage-entry.js';

const SWEEP_EVERY_MS = 2_000;
/** Clocks of two hosts differ; what was admitted shortly before the last sign of life counts too. */
const CLOCK_MARGIN_MS = 10_000;

/** Closes what died in flight: requests of processes that are gone become `interrupted`. */
@Injectable()
export class Recovery implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(Recovery.name);
  #timer: NodeJS.Timeout | undefined;
  #sweeping = false;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly lease: ProcessLease,
    private readonly entries: UsageEntries,
    private readonly prices: PriceRecords,
    // What a process left open may be anywhere among hours of entries.
    @Inject(getDataSourceToken(ANALYTICS)) private readonly analytics: DataSource,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects: what could not be closed now is closed by a later sweep. */
  async sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    try {
      for (const dead of await this.lease.deadProcesses()) await this.#recover(dead);
    } catch (error) {
      this.#logger.warn({ message: 'recovery will be tried again', err: error });
    } finally {
      this.#sweeping = false;
    }
  }

  async #recover(dead: ProcessRow): Promise<void> {
    const since = Math.min(dead.oldestOpenAt ?? dead.heartbeatAt, dead.heartbeatAt);
    const open = await findOpenReservations(this.analytics, {
      processId: dead.id,
      since: since - CLOCK_MARGIN_MS,
    });
    const closings = open.map((entry) => interruptedEntry(entry, this.#priceOf(entry)));
    // One transaction: when two processes recover the same one, the second fails as a whole.
    await this.writer.transaction((manager) => this.entries.write(manager, closings));
    await this.lease.forget(dead.id);
    if (closings.length > 0) {
      this.#logger.warn({ message: 'closed requests of a dead process', count: closings.length });
    }
  }

  #priceOf(entry: UsageEntry): AppliedPrice | undefined {
    const address = { instance: entry.provider, model: entry.model };
    return this.prices.applied(address, new Date(entry.createdAt));
  }
}
