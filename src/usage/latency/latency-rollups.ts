import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { NO_FIRST_CHUNK, roundedDown } from './latency-steps.js';

/** Widths of the buckets of time, in milliseconds. */
export const LATENCY_WIDTHS = [ROLLUP_WIDTHS.hour, ROLLUP_WIDTHS.day] as const;

export const LATENCY_KEYS = [
  'bucket_ms',
  'bucket_start',
  'client_id',
  'api_key_id',
  'provider',
  'model',
  'latency_ms',
  'first_chunk_ms',
] as const;

/**
 * What the trigger on the ledger keeps in `usage_latencies`, counted anew from entries; runs on
 * both databases.
 * @param where a condition in SQL on the entries and on `bucket_ms`
 */
export function latenciesFromEntries(widths: readonly number[], where: string): string {
  return `
    SELECT bucket_ms, created_at - (created_at % bucket_ms) AS bucket_start,
      client_id, api_key_id, provider, model,
      ${roundedDown('latency_ms')} AS latency_ms,
      ${roundedDown(`COALESCE(first_chunk_ms, ${NO_FIRST_CHUNK})`)} AS first_chunk_ms,
      SUM(requests) AS requests
    FROM usage_entries
    CROSS JOIN (${widths.map((width) => `SELECT ${width} AS bucket_ms`).join(' UNION ALL ')}) widths
    WHERE kind <> 'reserved' AND latency_ms IS NOT NULL AND (${where})
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`;
}
