import type { EntityManager } from 'typeorm';
import { dialectOf, runStatements } from '../../database/insert-rows.js';
import type { Dialect, Statement } from '../../database/statement-target.js';

/**
 * Adds the entries that were appended since the last time to roll-ups, budget counters and grants.
 * The views `…_now` add them while reading, so when this is done is a matter of cost alone, except
 * for whoever changes those tables: that needs it first, in the same transaction. PostgreSQL adds
 * the entries of each statement by itself.
 */
export async function bookPending(manager: EntityManager): Promise<void> {
  await runStatements(manager, bookingStatements(dialectOf(manager)));
}

export function bookingStatements(dialect: Dialect): readonly Statement[] {
  return dialect === 'sqlite' ? SQLITE : [];
}

const LAST = '(SELECT MAX(rowid) FROM usage_entries)';
const SQLITE: readonly Statement[] = [
  {
    sql: `UPDATE usage_position SET booked_up_to = ${LAST} WHERE booked_up_to < ${LAST}`,
    rows: [[]],
  },
];
