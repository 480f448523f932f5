import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { READER } from '../database/data-source-options.js';
import { DatabaseUnavailableError, isUniqueViolation } from '../database/database-errors.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';
import { dialectOf, insertStatement, runStatements } from '../database/insert-rows.js';
import type { InsertTable } from '../database/insert-table.js';
import type { Dialect, Statement, StatementTarget } from '../database/statement-target.js';
import { correctionOf } from './correction.js';
import type { UsageEntry } from './usage-entry.js';
import { entryStatements } from './entry-statements.js';
import { bookingStatements } from './rollups/book-pending.js';
import { PriceRecords } from './price-records.js';
import { readUsageEntry } from './read-usage-entry.js';

const PRICES: InsertTable = {
  table: 'usage_prices',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'price', type: 'text' },
  ],
  onConflict: { keys: ['id'] },
};

/**
 * Pending entries are summed up with each query for a total, so there are to be few; and each time
 * they are booked costs as much as ten entries do, so there are to be many.
 */
const MAX_PENDING = 512;

/** The ledger's entries. The database sees to it that each is in every total once it is committed. */
@Injectable()
export class UsageEntries implements StatementTarget<UsageEntry> {
  readonly name = 'usage_entries';
  /** Appended here since they were last booked. */
  #pending = 0;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly prices: PriceRecords,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {}

  /** Resolves when the entry is durable. Rejects as `GroupCommitWriter.append`. */
  async append(entry: UsageEntry): Promise<void> {
    await this.writer.append(this, entry);
    this.prices.markSaved(entry.priceId);
  }

  /**
   * Appends a closing entry. Where another process took this one for dead and closed the request
   * as interrupted, what it wrote is taken back and the truth booked.
   */
  async close(entry: UsageEntry): Promise<void> {
    try {
      await this.append(entry);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await this.#correct(entry, error);
    }
  }

  async #correct(truth: UsageEntry, cause: unknown): Promise<void> {
    await this.writer.transaction(async (manager) => {
      const booked = await findLastEntry(manager, truth.requestId);
      if (booked === undefined) throw new DatabaseUnavailableError(cause);
      // It is our own: written by an attempt whose success we were not told of.
      if (booked.status !== 'interrupted') return;
      await this.write(manager, correctionOf(booked, truth));
    });
    this.prices.markSaved(truth.priceId);
  }

  async write(manager: EntityManager, entries: readonly UsageEntry[]): Promise<void> {
    await runStatements(manager, this.statements(dialectOf(manager), entries));
  }

  statements(dialect: Dialect, entries: readonly UsageEntry[]): Statement[] {
    const statements = entryStatements(dialect, entries);
    const prices = this.prices.unsavedOf(entries.map(({ priceId }) => priceId));
    if (prices.length > 0) {
      const rows = prices.map(({ id, price }) => [id, price]);
      statements.push(insertStatement(dialect, PRICES, rows));
    }
    this.#pending += entries.length;
    if (this.#pending >= MAX_PENDING) {
      statements.push(...bookingStatements(dialect));
      this.#pending = 0;
    }
    return statements;
  }

  async isReserved(requestId: string): Promise<boolean> {
    const row: unknown = await this.reader
      .createQueryBuilder()
      .select('request_id')
      .from('usage_entries', 'entry')
      .where('request_id = :requestId AND sequence = 0', { requestId })
      .getRawOne();
    return row !== undefined;
  }
}

/** The last closing entry or correction of a request. */
async function findLastEntry(
  manager: EntityManager,
  requestId: string,
): Promise<UsageEntry | undefined> {
  const row: Record<string, unknown> | undefined = await manager
    .createQueryBuilder()
    .select('*')
    .from('usage_entries', 'entry')
    .where('request_id = :requestId AND sequence > 0', { requestId })
    .orderBy('sequence', 'DESC')
    .limit(1)
    .getRawOne();
  return row === undefined ? undefined : readUsageEntry(row);
}
