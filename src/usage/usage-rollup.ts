import type { UsageEntry } from './usage-entry.js';

export const ROLLUP_BUCKET_MS = 3_600_000;

/** The columns that name a roll-up, and those that are added up in it, in the order of the rows below. */
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

/** Whole hours of UTC. */
export function bucketStart(createdAt: number): number {
  return createdAt - (createdAt % ROLLUP_BUCKET_MS);
}

/**
 * What a batch of entries adds to the roll-ups: one row per key, keys in a fixed order so that
 * two writers on PostgreSQL never wait for each other in a circle. Reservations add nothing; an
 * adjustment adds its differences but is not a request of its own.
 */
export function rollupRows(entries: readonly UsageEntry[]): (string | number)[][] {
  const rows = new Map<string, (string | number)[]>();
  for (const entry of entries) {
    if (entry.kind === 'reserved') continue;
    const key: (string | number)[] = [
      bucketStart(entry.createdAt),
      entry.clientId,
      entry.apiKeyId,
      entry.provider,
      entry.model,
      entry.status,
    ];
    const name = key.join('\u0000');
    const request = entry.kind === 'adjusted' ? 0 : 1;
    const sums = [
      request,
      entry.inputTokens,
      entry.cachedInputTokens,
      entry.cacheWriteTokens + entry.cacheWrite1hTokens,
      entry.outputTokens,
      entry.reasoningTokens,
      entry.costNanoUsd ?? 0,
      entry.costNanoUsd === null ? request : 0,
      entry.estimated ? request : 0,
    ];
    const row = rows.get(name);
    if (row === undefined) rows.set(name, [...key, ...sums]);
    else {
      for (const [index, sum] of sums.entries()) {
        const position = ROLLUP_KEYS.length + index;
        row[position] = (row[position] as number) + sum;
      }
    }
  }
  return [...rows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The same sums as SQL over the entries, for rebuilding and for checking; runs on both databases. */
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
