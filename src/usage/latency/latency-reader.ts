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
import { percentilesOfCounts, type LatencyCount, type Percentiles } from './percentiles.js';

/** What latencies are kept by. */
export const LATENCY_GROUPINGS = ['provider', 'model'] as const satisfies readonly Grouping[];
export type LatencyGrouping = (typeof LATENCY_GROUPINGS)[number];

export interface LatencyQuery {
  readonly slices: readonly PointSlice[];
  readonly scope: Pick<UsageScope, 'provider' | 'model'>;
  readonly groupBy: LatencyGrouping | 'none';
  /** As in `BookedUsageQuery`. */
  readonly groups?: readonly string[] | undefined;
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

/** How long requests took, by the counts of latencies that the ledger keeps. */
@Injectable()
export class LatencyReader {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  async read({ slices, scope, groupBy, groups }: LatencyQuery): Promise<GroupPercentiles[]> {
    if (slices.length === 0) return [];
    const table = rollupSlices(slices, isPostgres(this.source));
    const columns = `${groupSql(groupBy, groups)} AS grouped, measure, from_ms, SUM(requests) AS requests`;
    const conditions = scopeConditions(scope);
    const parts = [
      `SELECT point, ${columns} FROM slices CROSS JOIN usage_latencies
       WHERE bucket_ms = width AND bucket_start >= slice_from AND bucket_start < slice_to${conditions}
       GROUP BY 1, 2, 3, 4`,
      ...entrySlices(slices).map(({ point, where }) => {
        const counted = latenciesFromEntries(
          [ROLLUP_WIDTHS.hour],
          `${where('created_at')}${conditions}`,
        );
        return `SELECT ${point} AS point, ${columns} FROM (${counted}) ends GROUP BY 1, 2, 3, 4`;
      }),
    ];
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `WITH slices AS (${table.sql}) ${parts.join(' UNION ALL ')}`,
      { ...table.parameters, ...scopeParameters(scope), groups },
    );
    return gathered(rows);
  }
}

function gathered(rows: readonly Record<string, unknown>[]): GroupPercentiles[] {
  const found = new Map<
    string,
    { point: number; group: string | undefined; counts: LatencyCount[] }
  >();
  for (const row of rows) {
    const point = Number(row['point']);
    const group = typeof row['grouped'] === 'string' ? row['grouped'] : undefined;
    const name = `${point} ${group ?? ''}`;
    let of = found.get(name);
    if (of === undefined) found.set(name, (of = { point, group, counts: [] }));
    of.counts.push({
      measure: String(row['measure']) as LatencyMeasure,
      fromMs: Number(row['from_ms']),
      requests: Number(row['requests']),
    });
  }
  return [...found.values()].map(({ point, group, counts }) => ({
    point,
    group,
    ...percentilesOfCounts(counts),
  }));
}
