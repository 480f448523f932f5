import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { isPostgres, queryNamed } from '../queries/named-sql.js';
import { entrySlices, rollupSlices, type PointSlice } from '../queries/sliced-sql.js';
import { groupSql, type Grouping } from '../queries/usage-grouping.js';
import { scopeConditions, scopeParameters, type UsageScope } from '../queries/usage-scope.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { latenciesFromEntries, type LatencyMeasure } from './latency-rollups.js';
import { NO_PERCENTILES, percentileName, SHARES, type Percentiles } from './percentiles.js';
import { placeWithin } from './latency-steps.js';

/** What latencies are kept by. */
export const LATENCY_GROUPINGS = ['provider', 'model'] as const satisfies readonly Grouping[];
export type LatencyGrouping = (typeof LATENCY_GROUPINGS)[number];

export interface LatencyQuery {
  readonly slices: readonly PointSlice[];
  readonly scope: Pick<UsageScope, 'provider' | 'model'>;
  readonly groupBy: LatencyGrouping | 'none';
  /** As in `BookedUsageQuery`. */
  readonly groups?: readonly string[] | undefined;
  /** Both when absent. */
  readonly measure?: LatencyMeasure | undefined;
}

export interface GroupPercentiles extends Percentiles {
  readonly point: number;
  readonly group: string | undefined;
}

/** Widths of roll-ups of latencies, for `cover`. */
export const COVERED_BY_LATENCIES: readonly number[] = [ROLLUP_WIDTHS.day, ROLLUP_WIDTHS.hour];

/** Whether latencies are kept for it: they are not told apart by clients and keys. */
export function hasLatencies({ clientId, apiKeyId, status }: UsageScope): boolean {
  return clientId === undefined && apiKeyId === undefined && status === undefined;
}

/** The first request that so many percent do not exceed. */
const RANK = '(total * percent + 99) / 100';

/** How long requests took, by the counts of latencies that the ledger keeps. */
@Injectable()
export class LatencyReader {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  async read({
    slices,
    scope,
    groupBy,
    groups,
    measure,
  }: LatencyQuery): Promise<GroupPercentiles[]> {
    if (slices.length === 0) return [];
    const table = rollupSlices(slices, isPostgres(this.source));
    const columns = `${groupSql(groupBy, groups)} AS grouped, measure, from_ms`;
    const conditions = scopeConditions(scope);
    const measured = measure === undefined ? '' : ' AND measure = :measure';
    const parts = [
      ...['usage_latencies', 'pending'].map(
        (source) => `SELECT point, ${columns}, requests FROM slices CROSS JOIN ${source}
         WHERE bucket_ms = width AND bucket_start >= slice_from AND bucket_start < slice_to${conditions}${measured}`,
      ),
      ...entrySlices(slices).map(({ point, where }) => {
        const counted = latenciesFromEntries(
          [ROLLUP_WIDTHS.hour],
          `${where('created_at')}${conditions}`,
        );
        return `SELECT ${point} AS point, ${columns}, requests FROM (${counted}) ends WHERE 1 = 1${measured}`;
      }),
    ];
    // Found in the database: a chart has thousands of counts for each of its percentiles.
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `WITH slices AS MATERIALIZED (${table.sql}),
       pending AS MATERIALIZED (SELECT * FROM usage_latencies_pending),
       counted AS (
         SELECT point, grouped, measure, from_ms, CAST(SUM(requests) AS bigint) AS requests
         FROM (${parts.join(' UNION ALL ')}) parts GROUP BY 1, 2, 3, 4
       ),
       ranked AS (
         SELECT counted.*,
           CAST(SUM(requests) OVER (PARTITION BY point, grouped, measure ORDER BY from_ms) AS bigint) AS upto,
           CAST(SUM(requests) OVER (PARTITION BY point, grouped, measure) AS bigint) AS total
         FROM counted
       )
       SELECT point, grouped, measure, percent, from_ms, requests,
         ${RANK} - (upto - requests) AS place
       FROM ranked CROSS JOIN (${SHARES.map((share) => `SELECT ${share} AS percent`).join(' UNION ALL ')}) shares
       WHERE upto >= ${RANK} AND upto - requests < ${RANK}`,
      { ...table.parameters, ...scopeParameters(scope), groups, measure },
    );
    return gathered(rows);
  }
}

function gathered(rows: readonly Record<string, unknown>[]): GroupPercentiles[] {
  const found = new Map<string, GroupPercentiles>();
  for (const row of rows) {
    const point = Number(row['point']);
    const group = typeof row['grouped'] === 'string' ? row['grouped'] : undefined;
    const name = `${point} ${group ?? ''}`;
    const measure = String(row['measure']) as LatencyMeasure;
    found.set(name, {
      ...(found.get(name) ?? { ...NO_PERCENTILES, point, group }),
      [percentileName(measure, Number(row['percent']) as (typeof SHARES)[number])]: placeWithin(
        Number(row['from_ms']),
        { place: Number(row['place']), of: Number(row['requests']) },
      ),
    });
  }
  return [...found.values()];
}
