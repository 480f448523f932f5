import { setTimeout as pause } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Configuration } from '../../config/configuration.js';
import { ANALYTICS } from '../../database/data-source-options.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { ProcessLease } from '../../database/process-lease.js';
import { bookPending } from '../rollups/book-pending.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { moveHorizon } from './retention-horizons.js';

const SWEEP_EVERY_MS = 600_000;
/** Requests whose entries go in one transaction: few, because everybody else waits for it. */
const BATCH = 100;
/** Deleting takes this share of the time at most, so that it is not felt. */
const SHARE = 0.2;

const { day, hour, minute } = ROLLUP_WIDTHS;

/**
 * Deletes what is older than it is to be kept: entries by `LEDGER_RETENTION_DAYS`, roll-ups of
 * minutes by `LEDGER_MINUTES_RETENTION_DAYS`, in whole days of UTC. Roll-ups of hours and days
 * stay, so totals do not change. Of several processes the oldest does it.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(Retention.name);
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly writer: GroupCommitWriter,
    private readonly lease: ProcessLease,
    @Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#sweeping;
  }

  /** Never rejects: what could not go now goes with a later sweep. One at a time. */
  sweep(now = Date.now()): Promise<void> {
    return (this.#sweeping ??= this.#sweep(now)
      .catch((error: unknown) => {
        this.#logger.warn({ message: 'retention will be tried again', err: error });
      })
      .finally(() => (this.#sweeping = undefined)));
  }

  async #sweep(now: number): Promise<void> {
    const { ledgerRetentionDays, ledgerMinutesRetentionDays } = this.configuration.environment;
    if (!(await this.#isOldest())) return;
    if (ledgerRetentionDays > 0) await this.#deleteEntries(dayBefore(now, ledgerRetentionDays));
    if (ledgerMinutesRetentionDays > 0) {
      await this.#deleteMinutes(dayBefore(now, ledgerMinutesRetentionDays));
    }
  }

  async #isOldest(): Promise<boolean> {
    const [oldest] = (await this.lease.processes()).toSorted(
      (one, other) => one.startedAt - other.startedAt || (one.id < other.id ? -1 : 1),
    );
    return oldest?.id === this.lease.id;
  }

  /** Request by request, so that no part of one stays behind. One that is still open stays whole. */
  async #deleteEntries(horizon: number): Promise<void> {
    await this.writer.transaction((manager) => moveHorizon(manager, 'entries', horizon));
    let count = 0;
    for (;;) {
      const rows: { request_id: string }[] = await this.reader
        .createQueryBuilder()
        .select('request_id')
        .from('usage_entries', 'entry')
        .where('created_at < :horizon AND sequence = 1', { horizon })
        .orderBy('created_at')
        .limit(BATCH)
        .getRawMany();
      if (rows.length === 0 || this.#stop.signal.aborted) break;
      const ids = rows.map((row) => row.request_id);
      await this.#paced(() =>
        this.writer.transaction((manager) =>
          manager
            .createQueryBuilder()
            .delete()
            .from('usage_entries')
            .where('request_id IN (:...ids)', { ids })
            .execute(),
        ),
      );
      count += ids.length;
    }
    if (count > 0) this.#logger.log({ message: 'old requests were deleted', count });
  }

  /** An hour of them at a time. */
  async #deleteMinutes(horizon: number): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await moveHorizon(manager, 'minutes', horizon);
      await bookPending(manager);
    });
    while (!this.#stop.signal.aborted) {
      const [row]: { oldest: string | number | null }[] = await this.reader.query(
        `SELECT MIN(bucket_start) AS oldest FROM usage_rollups WHERE bucket_ms = ${minute}`,
      );
      if (row === undefined || row.oldest === null || Number(row.oldest) >= horizon) return;
      const until = Math.min(Number(row.oldest) + hour, horizon);
      await this.#paced(() =>
        this.writer.transaction((manager) =>
          manager.query(
            `DELETE FROM usage_rollups WHERE bucket_ms = ${minute} AND bucket_start < ${until}`,
          ),
        ),
      );
    }
  }

  async #paced(work: () => Promise<unknown>): Promise<void> {
    const started = performance.now();
    await work();
    const rest = ((performance.now() - started) * (1 - SHARE)) / SHARE;
    await pause(rest, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

/** The beginning of the day of UTC that is so many days before `now`. */
function dayBefore(now: number, days: number): number {
  const then = now - days * day;
  return then - (then % day);
}
