import type { DataSource, EntityManager } from 'typeorm';
import type { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { completeFrom, lockHorizons } from '../retention/retention-horizons.js';
import { bookPending } from '../rollups/book-pending.js';
import type { RollupDifferences } from '../rollups/rollup-differences.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { latenciesFromEntries, LATENCY_KEYS, LATENCY_WIDTHS } from './latency-rollups.js';

const { day } = ROLLUP_WIDTHS;
const COLUMNS = [...LATENCY_KEYS, 'requests'].join(', ');
const ON = LATENCY_KEYS.map((key) => `booked.${key} = derived.${key}`).join(' AND ');

/** Makes the counts of latencies anew, a day in each transaction, as far back as there are entries. */
export async function rebuildLatencies(
  writer: GroupCommitWriter,
  reader: DataSource,
): Promise<void> {
  const days: { start: string | number }[] = await reader.query(`
    SELECT created_at - (created_at % ${day}) AS start FROM usage_entries
    WHERE kind <> 'reserved' AND created_at >= ${completeFrom('entries')}
    UNION
    SELECT bucket_start - (bucket_start % ${day}) FROM usage_latencies
    WHERE bucket_start >= ${completeFrom('entries')}
    ORDER BY 1`);
  for (const { start } of days) {
    await writer.transaction((manager) => rebuildDay(manager, Number(start)));
  }
}

async function rebuildDay(manager: EntityManager, start: number): Promise<void> {
  await lockHorizons(manager);
  if (manager.connection.options.type === 'postgres') {
    await manager.query('LOCK TABLE usage_latencies IN SHARE ROW EXCLUSIVE MODE');
  }
  const [row]: { horizon: unknown }[] = await manager.query(
    `SELECT ${completeFrom('entries')} AS horizon`,
  );
  // Its entries have begun to go since it was found.
  if (start < Number(row?.horizon)) return;
  const within = (time: string) => `${time} >= ${start} AND ${time} < ${start + day}`;
  await bookPending(manager);
  await manager.query(`DELETE FROM usage_latencies WHERE ${within('bucket_start')}`);
  await manager.query(
    `INSERT INTO usage_latencies (${COLUMNS}) ${latenciesFromEntries(LATENCY_WIDTHS, within('created_at'))}`,
  );
}

/** Compares the counts of latencies with their entries, both ways in one snapshot. */
export async function findLatencyDifferences(reader: DataSource): Promise<RollupDifferences> {
  const derived = latenciesFromEntries(LATENCY_WIDTHS, `created_at >= ${completeFrom('entries')}`);
  const [row] = await reader.query<{ checked: unknown; violations: unknown }[]>(`
    WITH derived AS (${derived}),
    booked AS (
      SELECT ${LATENCY_KEYS.join(', ')}, SUM(requests) AS requests FROM usage_latencies_now
      WHERE bucket_start >= ${completeFrom('entries')} GROUP BY ${LATENCY_KEYS.join(', ')})
    SELECT
      (SELECT COUNT(*) FROM derived) AS checked,
      (SELECT COUNT(*) FROM derived LEFT JOIN booked ON ${ON}
        WHERE booked.provider IS NULL OR booked.requests <> derived.requests) +
      (SELECT COUNT(*) FROM booked LEFT JOIN derived ON ${ON}
        WHERE derived.provider IS NULL) AS violations`);
  return { checked: Number(row?.checked ?? 0), violations: Number(row?.violations ?? 0) };
}
