import type { DataSource, EntityManager } from 'typeorm';
import type { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { dialectOf } from '../../database/insert-rows.js';
import { CAN_BE_DERIVED, completeFrom, lockHorizons } from '../retention/retention-horizons.js';
import { bookPending } from './book-pending.js';
import {
  ROLLUP_COLUMNS,
  ROLLUP_SUMS,
  ROLLUP_WIDTHS,
  rollupsFromEntries,
} from './rollup-columns.js';

const { minute, hour, day } = ROLLUP_WIDTHS;

/**
 * Makes the roll-ups anew from the entries, as far back as there are entries. Hour by hour, each
 * in a transaction of its own, so that a proxy at work waits for an hour's entries at most.
 */
export async function rebuildRollups(writer: GroupCommitWriter, reader: DataSource): Promise<void> {
  const days = new Set<number>();
  for (const start of await hoursToRebuild(reader)) {
    await writer.transaction((manager) => rebuildHour(manager, start));
    days.add(start - (start % day));
  }
  for (const start of days) await writer.transaction((manager) => rebuildDay(manager, start));
}

/** Hours with entries, and those with roll-ups that no entry stands behind. */
async function hoursToRebuild(reader: DataSource): Promise<number[]> {
  const rows: { start: string | number }[] = await reader.query(`
    SELECT created_at - (created_at % ${hour}) AS start FROM usage_entries
    WHERE kind <> 'reserved' AND created_at >= ${completeFrom('entries')}
    UNION
    SELECT bucket_start - (bucket_start % ${hour}) FROM usage_rollups
    WHERE bucket_start >= ${completeFrom('entries')}
    ORDER BY 1`);
  return rows.map(({ start }) => Number(start));
}

async function rebuildHour(manager: EntityManager, start: number): Promise<void> {
  await lockHorizons(manager);
  await lockRollups(manager);
  const within = (time: string) => `${time} >= ${start} AND ${time} < ${start + hour}`;
  const [row]: { horizon: unknown }[] = await manager.query(
    `SELECT ${completeFrom('entries')} AS horizon`,
  );
  // Its entries have begun to go since it was found.
  if (start < Number(row?.horizon)) return;
  await bookPending(manager);
  await manager.query(
    `DELETE FROM usage_rollups WHERE bucket_ms IN (${minute}, ${hour}) AND ${within('bucket_start')}`,
  );
  const derived = rollupsFromEntries({
    widths: [minute, hour],
    where: `${within('created_at')} AND ${CAN_BE_DERIVED}`,
  });
  await manager.query(`INSERT INTO usage_rollups (${ROLLUP_COLUMNS}) ${derived}`);
}

async function rebuildDay(manager: EntityManager, start: number): Promise<void> {
  await lockRollups(manager);
  await bookPending(manager);
  const names = 'client_id, api_key_id, provider, model, status';
  const sums = ROLLUP_SUMS.map((sum) => `SUM(${sum})`).join(', ');
  await manager.query(
    `DELETE FROM usage_rollups WHERE bucket_ms = ${day} AND bucket_start >= ${start} AND bucket_start < ${start + day}`,
  );
  await manager.query(
    `INSERT INTO usage_rollups (${ROLLUP_COLUMNS})
     SELECT ${day}, ${start}, ${names}, ${sums} FROM usage_rollups
     WHERE bucket_ms = ${hour} AND bucket_start >= ${start} AND bucket_start < ${start + day}
     GROUP BY ${names}`,
  );
}

/** Whoever settles meanwhile waits, and adds to what is new. SQLite has one writer anyway. */
async function lockRollups(manager: EntityManager): Promise<void> {
  if (dialectOf(manager) !== 'postgres') return;
  await manager.query('LOCK TABLE usage_rollups IN SHARE ROW EXCLUSIVE MODE');
}
