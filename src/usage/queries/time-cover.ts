import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';

/** Milliseconds since the epoch, half-open. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** From when on there are which data; before, they were deleted by age. */
export interface Horizons {
  readonly entries: number;
  readonly minutes: number;
}

/** A part of a range that one kind of roll-up covers exactly. */
export interface Slice extends TimeRange {
  /** Of the roll-ups, in milliseconds; 0 where the entries themselves have to be added up. */
  readonly width: number;
}

const { day, hour, minute } = ROLLUP_WIDTHS;

/** All widths of `usage_rollups`. */
export const ALL_WIDTHS: readonly number[] = [day, hour, minute];

/**
 * The fewest slices that make up a range: days in the middle, hours and minutes at its ends, and
 * entries where not even a minute is whole. Exact within the range that `coverable` gives.
 * @param widths of the roll-ups that may be used, widest first
 */
export function cover(
  range: TimeRange,
  horizons: Horizons,
  widths: readonly number[] = ALL_WIDTHS,
): Slice[] {
  const { from, to } = range;
  if (from >= to) return [];
  const [width, ...narrower] = widths;
  if (width === undefined) return [{ width: 0, from, to }];
  if (width === minute && from < horizons.minutes) return cover(range, horizons, narrower);
  const start = ceilTo(from, width);
  const end = floorTo(to, width);
  if (start >= end) return cover(range, horizons, narrower);
  return [
    ...cover({ from, to: start }, horizons, narrower),
    { width, from: start, to: end },
    ...cover({ from: end, to }, horizons, narrower),
  ];
}

/**
 * The range that can be told of exactly: as asked for where there are entries, in whole minutes or
 * hours around it where only those are left.
 */
export function coverable({ from, to }: TimeRange, horizons: Horizons): TimeRange {
  return {
    from: floorTo(from, finenessAt(from, horizons)),
    to: ceilTo(to, finenessAt(to, horizons)),
  };
}

function finenessAt(time: number, { entries, minutes }: Horizons): number {
  if (time >= entries) return 1;
  return time >= minutes ? minute : hour;
}

export function floorTo(time: number, width: number): number {
  return Math.floor(time / width) * width;
}

export function ceilTo(time: number, width: number): number {
  return Math.ceil(time / width) * width;
}
