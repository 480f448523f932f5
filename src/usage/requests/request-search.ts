import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { BookedUsageReader } from '../queries/booked-usage.js';
import { queryNamed } from '../queries/named-sql.js';
import type { TimeRange } from '../queries/time-cover.js';
import { busyStretches, type Direction } from './busy-hours.js';
import { filterConditions, filterParameters, type RequestFilter } from './request-filter.js';
import { timesOfPrefix, type RequestPlace } from './request-place.js';
import { readRequestRow, ROW_COLUMNS, type RequestRow } from './request-row.js';

/** After so long a search that found too little gives what it has, and where it stopped. */
const PATIENCE_MS = 150;

export interface RequestSearchQuery {
  readonly filter: RequestFilter;
  readonly range: TimeRange;
  readonly direction: Direction;
  /** Only what lies behind it, seen in that direction. */
  readonly behind?: RequestPlace | undefined;
  readonly limit: number;
}

export interface FoundRequests {
  readonly rows: readonly RequestRow[];
  /** Set when there may be more of them behind it. */
  readonly end: RequestPlace | undefined;
  /** Set when it ran out of patience: nothing behind this was looked at. */
  readonly searchedUntil: number | undefined;
}

/**
 * Closed requests in the order of their admission, each as it holds now. A filter that hardly any
 * request passes costs no more than a moment: the search stops and can be continued.
 */
@Injectable()
export class RequestSearch {
  constructor(
    private readonly booked: BookedUsageReader,
    @Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource,
  ) {}

  async find(query: RequestSearchQuery): Promise<FoundRequests> {
    const { filter, direction, limit } = query;
    const rows: RequestRow[] = [];
    const range = rangeOf(query);
    // Where entries are gone there are roll-ups still.
    range.from = Math.max(range.from, (await this.booked.horizons()).entries);
    const stretches = busyStretches(this.source, { filter, range, direction, wanted: limit + 1 });
    let started: number | undefined;
    for await (const stretch of stretches) {
      if (rows.length > limit) break;
      // Something is looked at in any case, so that whoever continues gets on.
      started ??= performance.now();
      if (performance.now() - started > PATIENCE_MS) {
        const until = direction === 'older' ? stretch.to : stretch.from;
        return { rows, end: { createdAt: until, requestId: '' }, searchedUntil: until };
      }
      rows.push(...(await this.#within(stretch, query, limit + 1 - rows.length)));
    }
    const shown = rows.slice(0, limit);
    return {
      rows: shown,
      end: rows.length > limit ? shown.at(-1) : undefined,
      searchedUntil: undefined,
    };
  }

  /** Of those requests the ones that the filter passes, newest first. */
  async among(ids: readonly string[], filter: RequestFilter): Promise<RequestRow[]> {
    if (ids.length === 0) return [];
    return this.#rows(
      `entry.request_id IN (:...ids)${filterConditions(filter)}`,
      { ids, ...filterParameters(filter) },
      'DESC',
    );
  }

  async #within(
    { from, to }: TimeRange,
    { filter, behind, direction }: RequestSearchQuery,
    limit: number,
  ): Promise<RequestRow[]> {
    const place =
      behind === undefined
        ? ''
        : ` AND (entry.created_at, entry.request_id) ${direction === 'older' ? '<' : '>'} (:placeAt, :placeId)`;
    return this.#rows(
      `entry.created_at >= :windowFrom AND entry.created_at < :windowTo${filterConditions(filter)}${place}`,
      {
        ...filterParameters(filter),
        windowFrom: from,
        windowTo: to,
        placeAt: behind?.createdAt,
        placeId: behind?.requestId,
      },
      direction === 'older' ? 'DESC' : 'ASC',
      limit,
    );
  }

  async #rows(
    condition: string,
    parameters: Record<string, unknown>,
    order: 'ASC' | 'DESC',
    limit?: number,
  ): Promise<RequestRow[]> {
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `SELECT ${ROW_COLUMNS} FROM usage_entries entry
       WHERE ${condition} AND entry.requests > 0
         AND NOT EXISTS (SELECT 1 FROM usage_entries later
           WHERE later.request_id = entry.request_id AND later.sequence > entry.sequence)
       ORDER BY entry.created_at ${order}, entry.request_id ${order}
       ${limit === undefined ? '' : `LIMIT ${limit}`}`,
      parameters,
    );
    return rows.map(readRequestRow);
  }
}

/** What is left to be looked at. */
function rangeOf({ filter, range, behind, direction }: RequestSearchQuery) {
  let { from, to } = range;
  if (behind !== undefined && direction === 'older') to = Math.min(to, behind.createdAt + 1);
  if (behind !== undefined && direction === 'newer') from = Math.max(from, behind.createdAt);
  const times = filter.idPrefix === undefined ? undefined : timesOfPrefix(filter.idPrefix);
  if (times === undefined) return { from, to };
  return { from: Math.max(from, times.from), to: Math.min(to, times.to) };
}
