import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { In, LessThanOrEqual, type DataSource, type EntityManager } from 'typeorm';
import { Configuration } from '../../../config/configuration.js';
import { READER } from '../../../database/data-source-options.js';
import { GroupCommitWriter } from '../../../database/group-commit-writer.js';
import { StoredResponseItemRow, StoredResponseRow } from './stored-response.entity.js';

const SWEEP_EVERY_MS = 600_000;
/** Rows of one transaction: requests wait for the writer meanwhile. */
const SLICE = 200;
/** Beyond this share of what one client may have, a sweep does not wait for its time. */
const EARLY_SHARE = 8;

interface Key {
  clientId: string;
  id: string;
}

/** Removes responses whose time is up, and the oldest of clients that have too many. */
@Injectable()
export class ResponseRetention implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(ResponseRetention.name);
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #grownBytes = 0;
  #stopped = false;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly configuration: Configuration,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** To be told of everything that is stored. */
  grown(bytes: number): void {
    this.#grownBytes += bytes;
    const { responsesClientMaxBytes } = this.configuration.environment;
    if (this.#grownBytes * EARLY_SHARE > responsesClientMaxBytes) void this.sweep();
  }

  /** Never rejects: what could not be removed now is removed by a later sweep. */
  sweep(): Promise<void> {
    return (this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
    }));
  }

  async #sweep(): Promise<void> {
    this.#grownBytes = 0;
    try {
      await this.#removeExpired();
      await this.#removeExcess();
    } catch (error) {
      this.#logger.warn({ message: 'old responses were not removed', err: error });
    }
  }

  async #removeExpired(): Promise<void> {
    const now = Date.now();
    for (let more = true; more && !this.#stopped;) {
      const expired = await this.reader.manager.find(StoredResponseRow, {
        select: { clientId: true, id: true },
        where: { expiresAt: LessThanOrEqual(now) },
        order: { expiresAt: 'ASC' },
        take: SLICE,
      });
      await this.#remove(expired);
      more = expired.length === SLICE;
    }
  }

  async #removeExcess(): Promise<void> {
    const { responsesClientMaxBytes } = this.configuration.environment;
    const full = await this.reader
      .createQueryBuilder(StoredResponseRow, 'stored')
      .select('stored.clientId', 'clientId')
      .addSelect('SUM(stored.bytes)', 'bytes')
      .groupBy('stored.clientId')
      .having('SUM(stored.bytes) > :max', { max: responsesClientMaxBytes })
      .getRawMany<{ clientId: string; bytes: number | string }>();
    for (const { clientId, bytes } of full) {
      await this.#removeOldest(clientId, Number(bytes) - responsesClientMaxBytes);
    }
  }

  async #removeOldest(clientId: string, excess: number): Promise<void> {
    for (let left = excess; left > 0 && !this.#stopped;) {
      const oldest = await this.reader.manager.find(StoredResponseRow, {
        select: { clientId: true, id: true, bytes: true },
        where: { clientId },
        order: { createdAt: 'ASC' },
        take: SLICE,
      });
      if (oldest.length === 0) return;
      const removed: Key[] = [];
      for (const row of oldest) {
        if (left <= 0) break;
        left -= row.bytes;
        removed.push(row);
      }
      await this.#remove(removed);
    }
  }

  async #remove(keys: readonly Key[]): Promise<void> {
    if (keys.length === 0) return;
    const byClient = Map.groupBy(keys, ({ clientId }) => clientId);
    await this.writer.transaction(async (manager) => {
      for (const [clientId, rows] of byClient) {
        await removeRows(
          manager,
          clientId,
          rows.map(({ id }) => id),
        );
      }
    });
  }
}

async function removeRows(
  manager: EntityManager,
  clientId: string,
  ids: readonly string[],
): Promise<void> {
  await manager.delete(StoredResponseItemRow, { clientId, responseId: In(ids) });
  await manager.delete(StoredResponseRow, { clientId, id: In(ids) });
}
