import type { EntityManager } from 'typeorm';

/** What is deleted by age: the ledger's entries, and the roll-ups of minutes. */
export type AgeingData = 'entries' | 'minutes';

/**
 * A scalar of SQL: the time from which on nothing was deleted, in milliseconds since the epoch. It
 * is moved in a transaction before the first row goes, so whoever reads it in the statement that
 * reads the rows never misses one.
 */
export function completeFrom(data: AgeingData): string {
  return `COALESCE((SELECT complete_from FROM retention_horizons WHERE data = '${data}'), 0)`;
}

/** Roll-ups behind these cannot be made anew: what they were made from is gone. */
export const CAN_BE_DERIVED = `created_at >= ${completeFrom('entries')}
  AND (bucket_ms > 60000 OR created_at >= ${completeFrom('minutes')})`;

/** Later moves win; a longer retention does not bring back what is gone. */
export async function moveHorizon(
  manager: EntityManager,
  data: AgeingData,
  time: number,
): Promise<void> {
  await lockHorizons(manager);
  await manager.query(
    `INSERT INTO retention_horizons (data, complete_from) VALUES ('${data}', ${Math.trunc(time)})
     ON CONFLICT (data) DO UPDATE SET complete_from = excluded.complete_from
     WHERE excluded.complete_from > retention_horizons.complete_from`,
  );
}

/** Until the end of the transaction no horizon moves. SQLite has one writer anyway. */
export async function lockHorizons(manager: EntityManager): Promise<void> {
  if (manager.connection.options.type !== 'postgres') return;
  await manager.query('LOCK TABLE retention_horizons IN EXCLUSIVE MODE');
}
