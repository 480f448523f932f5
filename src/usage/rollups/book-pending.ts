import type { EntityManager } from 'typeorm';
import { dialectOf, runStatements } from '../../database/insert-rows.js';
import type { Dialect, Statement } from '../../database/statement-target.js';

/**
 * Adds the entries that were appended since the last time to what is stored of roll-ups, spent
 * budgets and grants. Views that add them while reading make this a matter of cost alone, except
 * for whoever changes what is stored: that needs it first, in the same transaction. PostgreSQL adds
 * the entries of each statement by itself.
 */
export async function bookPending(manager: EntityManager): Promise<void> {
  await runStatements(manager, bookingStatements(dialectOf(manager)));
}

export function bookingStatements(dialect: Dialect): Statement[] {
  return dialect === 'sqlite' ? [SQLITE_BOOKING] : [];
}

const SQLITE_BOOKING: Statement = { sql: 'INSERT INTO usage_booking VALUES (NULL)', rows: [[]] };

/** The table that `usage_rollups` reads; on SQLite that is a view. */
export function storedRollups(dialect: Dialect): string {
  return dialect === 'sqlite' ? 'usage_rollups_booked' : 'usage_rollups';
}
