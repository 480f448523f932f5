import type { EntityManager } from 'typeorm';
import { ROLLUP_KEYS, ROLLUP_SUMS, ROLLUPS_FROM_ENTRIES } from './usage-rollup.js';

/** Makes the roll-ups anew from the entries, within the transaction of `manager`. */
export async function rebuildRollups(manager: EntityManager): Promise<void> {
  await manager.query('DELETE FROM usage_rollups');
  await manager.query(
    `INSERT INTO usage_rollups (${[...ROLLUP_KEYS, ...ROLLUP_SUMS].join(', ')}) ${ROLLUPS_FROM_ENTRIES}`,
  );
}
