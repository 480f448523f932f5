import { DEFAULT_RANGE, RANGES, type RangeName, type TimeRangeSearch } from './time-range-search';

export interface TimeRange {
  /** ISO 8601 UTC, inclusive. */
  readonly from: string;
  /** ISO 8601 UTC, exclusive. */
  readonly to: string;
  /** Undefined when both ends are fixed. */
  readonly name: RangeName | undefined;
}

/** The range that an address means at a moment; a named one ends at that moment. */
export function timeRangeOf(search: TimeRangeSearch, now: number): TimeRange {
  const { from, to } = search;
  if (from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to)) {
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), name: undefined };
  }
  const name = search.range ?? DEFAULT_RANGE;
  return { from: isoOf(now - RANGES[name]), to: isoOf(now), name };
}

/** The range of the same length just before, to compare with. */
export function rangeBefore({ from, to }: TimeRange): { from: string; to: string } {
  const start = Date.parse(from);
  return { from: isoOf(start - (Date.parse(to) - start)), to: from };
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
