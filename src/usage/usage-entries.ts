import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { READER } from '../database/data-source-options.js';
import { dialectOf, insertStatement, type JsonTable } from '../database/json-rows.js';
import type { Dialect, Statement, StatementTarget } from '../database/statement-target.js';
import { findOpenReservations, type OpenReservationsQuery } from './find-open-reservations.js';
import type { UsageEntry } from './usage-entry.js';
import { USAGE_ENTRY_COLUMNS } from './usage-entry-columns.js';
import { readUsageEntry } from './read-usage-entry.js';

const ENTRIES: JsonTable = { table: 'usage_entries', columns: USAGE_ENTRY_COLUMNS };

function cellsOf(entry: UsageEntry): unknown[] {
  return USAGE_ENTRY_COLUMNS.map((column) => column.read(entry));
}

/** The ledger's entries. A trigger of the database adds each to its roll-up in the same statement. */
@Injectable()
export class UsageEntries implements StatementTarget<UsageEntry> {
  readonly name = 'usage_entries';

  constructor(@Inject(getDataSourceToken(READER)) private readonly reader: DataSource) {}

  async write(manager: EntityManager, entries: readonly UsageEntry[]): Promise<void> {
    for (const { sql, parameters } of this.statements(dialectOf(manager), entries)) {
      await manager.query(sql, parameters);
    }
  }

  statements(dialect: Dialect, entries: readonly UsageEntry[]): Statement[] {
    return [insertStatement(dialect, ENTRIES, entries.map(cellsOf))];
  }

  /** Reservations without a closing entry. */
  findOpen(query: OpenReservationsQuery): Promise<UsageEntry[]> {
    return findOpenReservations(this.reader, query);
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

  /** The last closing entry or correction of a request. */
  async findClosing(requestId: string): Promise<UsageEntry | undefined> {
    const rows: Record<string, unknown>[] = await this.reader
      .createQueryBuilder()
      .select('*')
      .from('usage_entries', 'entry')
      .where('request_id = :requestId AND sequence > 0', { requestId })
      .orderBy('sequence', 'DESC')
      .limit(1)
      .getRawMany();
    return rows[0] === undefined ? undefined : readUsageEntry(rows[0]);
  }
}
