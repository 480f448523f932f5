import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { roundedDown } from './latency-steps.js';

/** Widths of the buckets of time, in milliseconds. */
export const LATENCY_WIDTHS = [ROLLUP_WIDTHS.hour, ROLLUP_WIDTHS.day] as const;

export const LATENCY_KEYS = [
  'bucket_ms',
  'bucket_start',
  'provider',
  'model',
  'measure',
  'from_ms',
] as const;

/** What is measured, and the column of an entry that has it. */
const MEASURES = { latency: 'latency_ms', first_chunk: 'first_chunk_ms' } as const;
export type LatencyMeasure = keyof typeof MEASURES;

/**
 * What the triggers on the ledger keep in `usage_latencies`, counted anew from entries; runs on
 * both databases.
 * @param where a condition in SQL on the entries and on `bucket_ms`
 */
export function latenciesFromEntries(widths: readonly number[], where: string): string {
  return Object.entries(MEASURES)
    .map(
      ([measure, column]) => `
    SELECT bucket_ms, created_at - (created_at % bucket_ms) AS bucket_start,
      provider, model, '${measure}' AS measure, ${roundedDown(column)} AS from_ms,
      SUM(requests) AS requests
    FROM usage_entries
    CROSS JOIN (${widths.map((width) => `SELECT ${width} AS bucket_ms`).join(' UNION ALL ')}) widths
    WHERE kind <> 'reserved' AND ${column} IS NOT NULL AND (${where})
    GROUP BY 1, 2, 3, 4, 5, 6`,
    )
    .join(' UNION ALL ');
}
