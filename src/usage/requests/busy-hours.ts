import type { DataSource } from 'typeorm';
import { queryNamed } from '../queries/named-sql.js';
import type { TimeRange } from '../queries/time-cover.js';
import { scopeConditions, scopeParameters } from '../queries/usage-scope.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { entryFilters, type RequestFilter } from './request-filter.js';

const { hour } = ROLLUP_WIDTHS;
const PAGE = 500;

/** Requests that are looked at in one go, where each of them has to be. */
const LOOKED_AT = 20_000;

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
  for (;;) {
    const hours = await findBusyHours(source, { ...query, range: rest });
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
    if (last === undefined || hours.length < PAGE) return;
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
): Promise<BusyHour[]> {
  const order = direction === 'older' ? 'DESC' : 'ASC';
  const counted = filter.estimated === true ? 'estimated_requests' : 'requests';
  const rows = await queryNamed<{ start: string | number; requests: string | number }>(
    source,
    `SELECT bucket_start AS start, SUM(${counted}) AS requests FROM usage_rollups_now
     WHERE bucket_ms = ${hour} AND bucket_start > :from AND bucket_start < :to${scopeConditions(filter)}
     GROUP BY bucket_start HAVING SUM(${counted}) > 0
     ORDER BY bucket_start ${order} LIMIT ${PAGE}`,
    // The hour that the range begins in begins before it.
    { from: range.from - hour, to: range.to, ...scopeParameters(filter) },
  );
  return rows.map(({ start, requests }) => ({ start: Number(start), requests: Number(requests) }));
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
