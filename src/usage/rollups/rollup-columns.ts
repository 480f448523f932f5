/** Widths of the buckets, in milliseconds; all begin at whole minutes, hours and days of UTC. */
export const ROLLUP_WIDTHS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * The columns that name a roll-up, and those that are added up in it. The database keeps them in
 * `usage_rollups`; `usage_rollups_now` has what is not added there yet as well. Reservations add
 * nothing; a correction takes back what was booked under its old names and books the truth under
 * its own.
 */
export const ROLLUP_KEYS = [
  'bucket_ms',
  'bucket_start',
  'client_id',
  'api_key_id',
  'provider',
  'model',
  'status',
] as const;
export const ROLLUP_SUMS = [
  'requests',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'provider_cost_nano_usd',
  'unpriced_requests',
  'estimated_requests',
  'latency_ms',
  'latency_requests',
  'first_chunk_ms',
  'first_chunk_requests',
] as const;

export const ROLLUP_COLUMNS = [...ROLLUP_KEYS, ...ROLLUP_SUMS].join(', ');

/** Some of the roll-ups: those of these widths whose entries satisfy a condition in SQL. */
export interface RollupSelection {
  readonly widths: readonly number[];
  readonly where: string;
}

/** The same sums over entries, for rebuilding and for checking; runs on both databases. */
export function rollupsFromEntries({ widths, where }: RollupSelection): string {
  return `
    SELECT bucket_ms, created_at - (created_at % bucket_ms) AS bucket_start,
      client_id, api_key_id, provider, model, status,
      SUM(requests) AS requests,
      SUM(input_tokens) AS input_tokens,
      SUM(cached_input_tokens) AS cached_input_tokens,
      SUM(cache_write_tokens + cache_write_1h_tokens) AS cache_write_tokens,
      SUM(output_tokens) AS output_tokens,
      SUM(reasoning_tokens) AS reasoning_tokens,
      COALESCE(SUM(cost_nano_usd), 0) AS cost_nano_usd,
      COALESCE(SUM(provider_cost_nano_usd), 0) AS provider_cost_nano_usd,
      SUM(CASE WHEN cost_nano_usd IS NULL THEN requests ELSE 0 END) AS unpriced_requests,
      SUM(CASE WHEN estimated THEN requests ELSE 0 END) AS estimated_requests,
      COALESCE(SUM(latency_ms * requests), 0) AS latency_ms,
      SUM(CASE WHEN latency_ms IS NULL THEN 0 ELSE requests END) AS latency_requests,
      COALESCE(SUM(first_chunk_ms * requests), 0) AS first_chunk_ms,
      SUM(CASE WHEN first_chunk_ms IS NULL THEN 0 ELSE requests END) AS first_chunk_requests
    FROM usage_entries
    CROSS JOIN (${widths.map((width) => `SELECT ${width} AS bucket_ms`).join(' UNION ALL ')}) widths
    WHERE kind <> 'reserved' AND (${where})
    GROUP BY 1, 2, client_id, api_key_id, provider, model, status`;
}
