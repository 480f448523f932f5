import type { SqlParameters } from '../queries/named-sql.js';
import { scopeConditions, scopeParameters, type UsageScope } from '../queries/usage-scope.js';

/** Which requests; what is absent is not asked for. */
export interface RequestFilter extends UsageScope {
  /** The beginning of their id. */
  readonly idPrefix?: string | undefined;
  readonly minCostNanoUsd?: number | undefined;
  readonly minLatencyMs?: number | undefined;
  readonly hasImages?: boolean | undefined;
  readonly estimated?: boolean | undefined;
  readonly cacheHit?: boolean | undefined;
  readonly stream?: boolean | undefined;
}

const CONDITIONS = {
  idPrefix: 'substr(entry.request_id, 1, length(:idPrefix)) = :idPrefix',
  minCostNanoUsd: 'entry.cost_nano_usd >= :minCostNanoUsd',
  minLatencyMs: 'entry.latency_ms >= :minLatencyMs',
  hasImages: 'entry.has_images = :hasImages',
  estimated: 'entry.estimated = :estimated',
  cacheHit: 'entry.cache_hit = :cacheHit',
  stream: 'entry.stream = :stream',
} as const satisfies Record<Exclude<keyof RequestFilter, keyof UsageScope>, string>;

type EntryFilter = keyof typeof CONDITIONS;

/** What the filter asks beyond what roll-ups are kept by. */
export function entryFilters(filter: RequestFilter): EntryFilter[] {
  return (Object.keys(CONDITIONS) as EntryFilter[]).filter((name) => filter[name] !== undefined);
}

/** Conditions on `usage_entries entry` that begin with AND. */
export function filterConditions(filter: RequestFilter): string {
  const own = entryFilters(filter).map((name) => ` AND ${CONDITIONS[name]}`);
  return `${scopeConditions(filter)}${own.join('')}`;
}

export function filterParameters(filter: RequestFilter): SqlParameters {
  const own = entryFilters(filter).map((name) => [name, filter[name]]);
  return { ...scopeParameters(filter), ...(Object.fromEntries(own) as SqlParameters) };
}
