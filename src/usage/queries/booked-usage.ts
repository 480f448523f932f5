import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { completeFrom } from '../retention/retention-horizons.js';
import { ROLLUP_WIDTHS, rollupsFromEntries } from '../rollups/rollup-columns.js';
import { isPostgres, queryNamed } from './named-sql.js';
import { entrySlices, rollupSlices, type PointSlice } from './sliced-sql.js';
import type { Horizons } from './time-cover.js';
import { groupSql, type Grouping } from './usage-grouping.js';
import { scopeConditions, scopeParameters, type UsageScope } from './usage-scope.js';
import {
  readUsageSums,
  SUM_COLUMNS,
  sumOfRollups,
  type SumColumn,
  type UsageSums,
} from './usage-sums.js';

export interface BookedUsageQuery {
  readonly slices: readonly PointSlice[];
  readonly scope: UsageScope;
  readonly groupBy: Grouping | 'none';
  /** Groups to be told apart; all others are one without a name. Every group when absent. */
  readonly groups?: readonly string[] | undefined;
  /** What is added up, all when absent; the rest is given as 0. */
  readonly columns?: readonly SumColumn[] | undefined;
}

export interface BookedUsage extends UsageSums {
  readonly point: number;
  /** Undefined for all that are not told apart. */
  readonly group: string | undefined;
  /** Of a key. */
  readonly clientId: string | undefined;
}

const MONEY: readonly SumColumn[] = ['cost_nano_usd', 'provider_cost_nano_usd'];

/**
 * The one reader of the roll-ups, of stored and pending ones apart, because joined with slices the
 * view of both would be read row by row. What it gives is exact: where a range does not begin or end with
 * a minute, the entries of those minutes are added up.
 */
@Injectable()
export class BookedUsageReader {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  async horizons(): Promise<Horizons> {
    const [row] = await this.source.query<Record<string, unknown>[]>(
      `SELECT ${completeFrom('entries')} AS entries, ${completeFrom('minutes')} AS minutes`,
    );
    return { entries: Number(row?.['entries'] ?? 0), minutes: Number(row?.['minutes'] ?? 0) };
  }

  /** In no order; nothing for points and groups without a request. */
  async read({
    slices,
    scope,
    groupBy,
    groups,
    columns: wanted = SUM_COLUMNS,
  }: BookedUsageQuery): Promise<BookedUsage[]> {
    if (slices.length === 0) return [];
    const table = rollupSlices(slices, isPostgres(this.source));
    const group = groupSql(groupBy, groups);
    // By position: PostgreSQL takes no constant as the name of a group.
    const columns = `${group} AS grouped, ${groupBy === 'key' ? 'MIN(client_id)' : 'CAST(NULL AS text)'} AS client_id, ${wanted.map(sumOfRollups).join(', ')}`;
    const conditions = scopeConditions(scope);
    const parts = [
      ...['usage_rollups', 'pending'].map(
        (source) => `SELECT point, ${columns} FROM slices CROSS JOIN ${source}
         WHERE bucket_ms = width AND bucket_start >= slice_from AND bucket_start < slice_to${conditions}
         GROUP BY 1, 2`,
      ),
      ...entrySlices(slices).map(({ point, where }) => {
        const entries = rollupsFromEntries({
          widths: [ROLLUP_WIDTHS.minute],
          where: `${where('created_at')}${conditions}`,
        });
        return `SELECT ${point} AS point, ${columns} FROM (${entries}) ends GROUP BY 1, 2`;
      }),
    ];
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `WITH slices AS MATERIALIZED (${table.sql}),
       pending AS MATERIALIZED (SELECT * FROM usage_rollups_pending)
       SELECT point, grouped, MIN(client_id) AS client_id, ${wanted.map(sumAgain).join(', ')}
       FROM (${parts.join(' UNION ALL ')}) parts GROUP BY 1, 2`,
      { ...table.parameters, ...scopeParameters(scope), groups },
    );
    return rows.map((row) => ({
      point: Number(row['point']),
      group: typeof row['grouped'] === 'string' ? row['grouped'] : undefined,
      clientId: typeof row['client_id'] === 'string' ? row['client_id'] : undefined,
      ...readUsageSums(row),
    }));
  }
}

/** Money beyond 2^53 would be rounded on its way. */
function sumAgain(column: SumColumn): string {
  const sum = `SUM(${column})`;
  return `${MONEY.includes(column) ? `CAST(${sum} AS text)` : sum} AS ${column}`;
}
