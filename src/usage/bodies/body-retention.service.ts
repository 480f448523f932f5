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

const DAY_MS = 86_400_000;
const SWEEP_EVERY_MS = 600_000;
/** Bodies per transaction: few, because everybody else waits for it. */
const BATCH = 50;
const SHARE = 0.2;

/**
 * Deletes bodies that are older than `LOG_BODIES_RETENTION_DAYS`, or than the ledger keeps their
 * requests, also when none are kept any more. Several processes may do it at once.
 */
@Injectable()
export class BodyRetention implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(BodyRetention.name);
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly writer: GroupCommitWriter,
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

  /** Bodies from before this are gone, or about to be; milliseconds since the epoch. */
  horizonAt(now: number): number {
    const { logBodiesRetentionDays, ledgerRetentionDays } = this.configuration.environment;
    const days =
      ledgerRetentionDays > 0
        ? Math.min(logBodiesRetentionDays, ledgerRetentionDays)
        : logBodiesRetentionDays;
    return now - days * DAY_MS;
  }

  /** Never rejects: what could not go now goes with a later sweep. One at a time. */
  sweep(now = Date.now()): Promise<void> {
    return (this.#sweeping ??= this.#sweep(this.horizonAt(now))
      .catch((error: unknown) => {
        this.#logger.warn({ message: 'retention will be tried again', err: error });
      })
      .finally(() => (this.#sweeping = undefined)));
  }

  async #sweep(horizon: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const rows: { id: string | number }[] = await this.reader
        .createQueryBuilder()
        .select('id')
        .from('request_bodies', 'body')
        .where('created_at < :horizon', { horizon })
        .orderBy('created_at')
        .limit(BATCH)
        .getRawMany();
      if (rows.length === 0) return;
      const started = performance.now();
      await this.writer.transaction((manager) =>
        manager
          .createQueryBuilder()
          .delete()
          .from('request_bodies')
          .where('id IN (:...ids)', { ids: rows.map(({ id }) => Number(id)) })
          .execute(),
      );
      const rest = ((performance.now() - started) * (1 - SHARE)) / SHARE;
      await pause(rest, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
