import type { DataSource } from 'typeorm';
import { queryNamed } from '../queries/named-sql.js';
import type { TimeRange } from '../queries/time-cover.js';
import { scopeConditions, scopeParameters } from '../queries/usage-scope.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { entryFilters, type RequestFilter } from './request-filter.js';

const { hour } = ROLLUP_WIDTHS;
/** Most requests of a list are found in the last hours, so that few are asked for at first. */
const FIRST_PAGE = 12;
const LARGEST_PAGE = 800;

/** Requests that are looked at in one go, where each of them has to be. */
const LOOKED_AT = 50_000;

export type Direction = 'older' | 'newer';

export interface HoursQuery {
  readonly filter: RequestFilter;
  readonly range: TimeRange;
  /** From which end. */
  readonly direction: Direction;
  /** Requests wanted; a stretch has no more hours than it takes to find them. */
  readonly wanted: number;
}

/**
 * Stretches of time with requests of the filter's scope, as the roll-ups have it: whoever lists the
 * few requests of a client does not look at all the hours in which others asked.
 */
export async function* busyStretches(
  source: DataSource,
  query: HoursQuery,
): AsyncGenerator<TimeRange> {
  const { filter, range, direction, wanted } = query;
  const most = entryFilters(filter).length > 0 ? LOOKED_AT : wanted;
  let rest = range;
  for (let page = FIRST_PAGE; ; page = Math.min(4 * page, LARGEST_PAGE)) {
    const hours = await findBusyHours(source, { ...query, range: rest }, page);
    let stretch: (TimeRange & { readonly requests: number }) | undefined;
    for (const { start, requests } of hours) {
      const next = { from: start, to: start + hour, requests };
      const joined =
        stretch !== undefined && stretch.requests < most ? join(stretch, next) : undefined;
      if (stretch !== undefined && joined === undefined) yield within(stretch, range);
      stretch = joined ?? next;
    }
    if (stretch !== undefined) yield within(stretch, range);
    const last = hours.at(-1);
    if (last === undefined || hours.length < page) return;
    rest =
      direction === 'older'
        ? { from: range.from, to: last.start }
        : { from: last.start + hour, to: range.to };
  }
}

interface BusyHour {
  readonly start: number;
  readonly requests: number;
}

async function findBusyHours(
  source: DataSource,
  { filter, range, direction }: HoursQuery,
  limit: number,
): Promise<BusyHour[]> {
  const order = direction === 'older' ? 'DESC' : 'ASC';
  const counted = filter.estimated === true ? 'estimated_requests' : 'requests';
  // The latest hours of both together are among the latest of each.
  const parts = ['usage_rollups', 'usage_rollups_pending'].map(
    (table) => `SELECT * FROM (
      SELECT bucket_start AS start, SUM(${counted}) AS counted FROM ${table}
      WHERE bucket_ms = ${hour} AND bucket_start > :from AND bucket_start < :to${scopeConditions(filter)}
      GROUP BY bucket_start HAVING SUM(${counted}) <> 0
      ORDER BY bucket_start ${order} LIMIT ${limit}) of_${table}`,
  );
  const rows = await queryNamed<{ start: string | number; counted: string | number }>(
    source,
    `SELECT start, SUM(counted) AS counted FROM (${parts.join(' UNION ALL ')}) hours
     GROUP BY start HAVING SUM(counted) > 0 ORDER BY start ${order} LIMIT ${limit}`,
    // The hour that the range begins in begins before it.
    { from: range.from - hour, to: range.to, ...scopeParameters(filter) },
  );
  return rows.map((row) => ({ start: Number(row.start), requests: Number(row.counted) }));
}

function join(
  one: TimeRange & { readonly requests: number },
  other: TimeRange & { readonly requests: number },
) {
  const requests = one.requests + other.requests;
  if (other.to === one.from) return { from: other.from, to: one.to, requests };
  if (one.to === other.from) return { from: one.from, to: other.to, requests };
  return undefined;
}

function within(stretch: TimeRange, range: TimeRange): TimeRange {
  return { from: Math.max(stretch.from, range.from), to: Math.min(stretch.to, range.to) };
}
