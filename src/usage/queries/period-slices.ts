import type { PointSlice } from './sliced-sql.js';
import { cover, type Horizons, type TimeRange } from './time-cover.js';

/** What covers each of the ranges, which are the points. */
export function slicesOf(
  ranges: readonly TimeRange[],
  horizons: Horizons,
  widths?: readonly number[],
): PointSlice[] {
  return ranges.flatMap((range, point) =>
    cover(range, horizons, widths).map((slice) => ({ ...slice, point })),
  );
}
