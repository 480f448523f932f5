import { Injectable } from '@nestjs/common';
import { BodyReader } from '../bodies/body-reader.js';
import type { TimeRange } from '../queries/time-cover.js';
import type { RequestFilter } from './request-filter.js';
import type { RequestPlace } from './request-place.js';
import { RequestSearch, type FoundRequests } from './request-search.js';

/** Bodies that one page of a search in their text looks at. */
const MOST_MATCHES = 1000;

export interface RequestListQuery {
  readonly filter: RequestFilter;
  readonly range: TimeRange;
  /** Words that must all be in one of its bodies. */
  readonly text?: string | undefined;
  readonly behind?: RequestPlace | undefined;
  readonly limit: number;
}

/** The requests on both sides of one, within a filter. */
export interface Neighbours {
  readonly newer: string | null;
  readonly older: string | null;
}

/** Pages of requests, newest first. */
@Injectable()
export class RequestList {
  constructor(
    private readonly search: RequestSearch,
    private readonly bodies: BodyReader,
  ) {}

  page(query: RequestListQuery): Promise<FoundRequests> {
    const { text } = query;
    return text === undefined
      ? this.search.find({ ...query, direction: 'older' })
      : this.#pageOfText({ ...query, text });
  }

  /** Null at either end, and where the next one is too far away to be found in a moment. */
  async neighboursOf(
    place: RequestPlace,
    { filter, range }: Pick<RequestListQuery, 'filter' | 'range'>,
  ): Promise<Neighbours> {
    const next = async (direction: 'older' | 'newer'): Promise<string | null> => {
      const found = await this.search.find({ filter, range, direction, behind: place, limit: 1 });
      return found.rows[0]?.requestId ?? null;
    };
    return { newer: await next('newer'), older: await next('older') };
  }

  async #pageOfText({
    filter,
    range,
    text,
    behind,
    limit,
  }: RequestListQuery & { readonly text: string }): Promise<FoundRequests> {
    const to = Math.min(range.to, behind === undefined ? Infinity : behind.createdAt + 1);
    const matches = await this.bodies.search(text, { from: range.from, to }, MOST_MATCHES);
    const oldest = matches.length < MOST_MATCHES ? undefined : matches.at(-1);
    const ids = [...new Set(matches.map(({ requestId }) => requestId))];
    const found = await this.search.among(ids, filter);
    const rows = found.filter(
      (row) =>
        (behind === undefined || isOlder(row, behind)) &&
        // Of the millisecond in which it stopped there may be more.
        (oldest === undefined || row.createdAt > oldest.createdAt),
    );
    const shown = rows.slice(0, limit);
    if (rows.length > limit) return { rows: shown, end: shown.at(-1), searchedUntil: undefined };
    const until = oldest === undefined ? undefined : oldest.createdAt + 1;
    return {
      rows: shown,
      end: until === undefined ? undefined : { createdAt: until, requestId: '' },
      searchedUntil: until,
    };
  }
}

function isOlder(row: RequestPlace, place: RequestPlace): boolean {
  if (row.createdAt !== place.createdAt) return row.createdAt < place.createdAt;
  return row.requestId < place.requestId;
}
