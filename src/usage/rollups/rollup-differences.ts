import type { DataSource } from 'typeorm';
import { CAN_BE_DERIVED } from '../retention/retention-horizons.js';
import { ROLLUP_KEYS, ROLLUP_SUMS, ROLLUP_WIDTHS, rollupsFromEntries } from './rollup-columns.js';

export interface RollupDifferences {
  /** Roll-ups that entries stand behind. */
  readonly checked: number;
  /** Missing, wrong, or without entries behind them. */
  readonly violations: number;
}

const SAME = ROLLUP_SUMS.map((sum) => `booked.${sum} = derived.${sum}`).join(' AND ');
const ON = ROLLUP_KEYS.map((key) => `booked.${key} = derived.${key}`).join(' AND ');

// Both directions in one statement, so that both see the same snapshot.
const DIFFERENCES = `
  WITH derived AS (${rollupsFromEntries({ widths: Object.values(ROLLUP_WIDTHS), where: CAN_BE_DERIVED })}),
  stored AS (
    SELECT ${ROLLUP_KEYS.join(', ')}, ${ROLLUP_SUMS.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ')}
    FROM usage_rollups_now WHERE ${CAN_BE_DERIVED.replaceAll('created_at', 'bucket_start')}
    GROUP BY ${ROLLUP_KEYS.join(', ')})
  SELECT
    (SELECT COUNT(*) FROM derived) AS checked,
    (SELECT COUNT(*) FROM derived LEFT JOIN stored booked ON ${ON}
      WHERE booked.client_id IS NULL OR NOT (${SAME})) +
    (SELECT COUNT(*) FROM stored booked LEFT JOIN derived ON ${ON}
      WHERE derived.client_id IS NULL) AS violations`;

/** Compares the roll-ups with the sums of their entries, as far back as there are entries. */
export async function findRollupDifferences(reader: DataSource): Promise<RollupDifferences> {
  const [row] = await reader.query<{ checked: unknown; violations: unknown }[]>(DIFFERENCES);
  return { checked: Number(row?.checked ?? 0), violations: Number(row?.violations ?? 0) };
}
