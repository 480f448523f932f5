import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { AppendTarget } from '../database/append.js';
import { insertJsonRows, type JsonTable } from '../database/json-rows.js';
import { findOpenReservations, type OpenReservationsQuery } from './find-open-reservations.js';
import type { UsageEntry } from './usage-entry.js';
import { USAGE_ENTRY_COLUMNS } from './usage-entry-columns.js';
import { readUsageEntry } from './read-usage-entry.js';
import { ROLLUP_KEYS, ROLLUP_SUMS, rollupRows } from './usage-rollup.js';

const ENTRIES: JsonTable = { table: 'usage_entries', columns: USAGE_ENTRY_COLUMNS };

const ROLLUPS: JsonTable = {
  table: 'usage_rollups',
  columns: [
    ...ROLLUP_KEYS.map((name) => ({
      name,
      type: name === 'bucket_start' ? ('integer' as const) : ('text' as const),
    })),
    ...ROLLUP_SUMS.map((name) => ({ name, type: 'integer' as const })),
  ],
  onConflict: { keys: ROLLUP_KEYS, add: ROLLUP_SUMS },
};

/** The ledger's entries: writes them, and in the same transaction what they add to the roll-ups. */
@Injectable()
export class UsageEntries implements AppendTarget<UsageEntry> {
  readonly name = 'usage_entries';

  constructor(@Inject(getDataSourceToken('reader')) private readonly reader: DataSource) {}

  async write(manager: EntityManager, entries: readonly UsageEntry[]): Promise<void> {
    await insertJsonRows(
      manager,
      ENTRIES,
      entries.map((entry) => USAGE_ENTRY_COLUMNS.map((column) => column.read(entry))),
    );
    await insertJsonRows(manager, ROLLUPS, rollupRows(entries));
  }

  /** Reservations without a closing entry. */
  findOpen(query: OpenReservationsQuery): Promise<UsageEntry[]> {
    return findOpenReservations(this.reader, query);
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
