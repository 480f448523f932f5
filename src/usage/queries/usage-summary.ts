import { Injectable } from '@nestjs/common';
import { COVERED_BY_LATENCIES, LatencyReader } from '../latency/latency-reader.js';
import { NO_PERCENTILES, type Percentiles } from '../latency/percentiles.js';
import { BookedUsageReader } from './booked-usage.js';
import { cover, coverable, type Horizons, type TimeRange } from './time-cover.js';
import type { PointSlice } from './sliced-sql.js';
import type { UsageScope } from './usage-scope.js';
import { NOTHING_USED, type UsageSums } from './usage-sums.js';

export type PeriodUsage = TimeRange & UsageSums & Percentiles;

export interface UsageSummaryAnswer {
  readonly current: PeriodUsage;
  /** The period of the same length that ended when this one began. */
  readonly before: PeriodUsage;
}

/** What was used within a range, and within the one before it. */
@Injectable()
export class UsageSummary {
  constructor(
    private readonly booked: BookedUsageReader,
    private readonly latencies: LatencyReader,
  ) {}

  async of(asked: TimeRange, scope: UsageScope): Promise<UsageSummaryAnswer> {
    const horizons = await this.booked.horizons();
    const current = coverable(asked, horizons);
    const length = current.to - current.from;
    const before = coverable({ from: current.from - length, to: current.from }, horizons);
    const periods = [current, before];
    const [sums, percentiles] = await Promise.all([
      this.booked.read({ slices: slicesOf(periods, horizons), scope, groupBy: 'none' }),
      this.latencies.read({
        slices: slicesOf(periods, horizons, COVERED_BY_LATENCIES),
        scope,
        groupBy: 'none',
      }),
    ]);
    const usageOf = (point: number): PeriodUsage => ({
      ...NOTHING_USED,
      ...NO_PERCENTILES,
      ...sums.find((row) => row.point === point),
      ...percentiles.find((row) => row.point === point),
      ...(periods[point] as TimeRange),
    });
    return { current: usageOf(0), before: usageOf(1) };
  }
}

/** Of each of the ranges, which are the points. */
export function slicesOf(
  ranges: readonly TimeRange[],
  horizons: Horizons,
  widths?: readonly number[],
): PointSlice[] {
  return ranges.flatMap((range, point) =>
    cover(range, horizons, widths).map((slice) => ({ ...slice, point })),
  );
}
