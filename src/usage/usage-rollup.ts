/** Whole hours of UTC. */
const ROLLUP_BUCKET_MS = 3_600_000;

/**
 * The columns that name a roll-up, and those that are added up in it. A trigger of the database
 * keeps them as entries are appended: reservations add nothing, a correction adds its differences
 * but is not a request of its own.
 */
export const ROLLUP_KEYS = [
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
  'unpriced_requests',
  'estimated_requests',
] as const;

/** The same sums over all entries, for rebuilding and for checking; runs on both databases. */
export const ROLLUPS_FROM_ENTRIES = `
  SELECT created_at - (created_at % ${ROLLUP_BUCKET_MS}) AS bucket_start,
    client_id, api_key_id, provider, model, status,
    SUM(CASE WHEN kind = 'adjusted' THEN 0 ELSE 1 END) AS requests,
    SUM(input_tokens) AS input_tokens,
    SUM(cached_input_tokens) AS cached_input_tokens,
    SUM(cache_write_tokens + cache_write_1h_tokens) AS cache_write_tokens,
    SUM(output_tokens) AS output_tokens,
    SUM(reasoning_tokens) AS reasoning_tokens,
    COALESCE(SUM(cost_nano_usd), 0) AS cost_nano_usd,
    SUM(CASE WHEN cost_nano_usd IS NULL AND kind <> 'adjusted' THEN 1 ELSE 0 END) AS unpriced_requests,
    SUM(CASE WHEN estimated AND kind <> 'adjusted' THEN 1 ELSE 0 END) AS estimated_requests
  FROM usage_entries
  WHERE kind <> 'reserved'
  GROUP BY 1, client_id, api_key_id, provider, model, status`;
