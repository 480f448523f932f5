import { Injectable } from '@nestjs/common';
import { type PeriodPercentiles, PeriodPercentilesReader } from '../latency/period-percentiles.js';
import { BookedUsageReader } from './booked-usage.js';
import { slicesOf } from './period-slices.js';
import { coverable, type TimeRange } from './time-cover.js';
import type { UsageScope } from './usage-scope.js';
import { NOTHING_USED, type UsageSums } from './usage-sums.js';

export type PeriodUsage = TimeRange & UsageSums & PeriodPercentiles;

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
    private readonly percentiles: PeriodPercentilesReader,
  ) {}

  async of(asked: TimeRange, scope: UsageScope): Promise<UsageSummaryAnswer> {
    const horizons = await this.booked.horizons();
    const current = coverable(asked, horizons);
    const length = current.to - current.from;
    const before = coverable({ from: current.from - length, to: current.from }, horizons);
    const slices = slicesOf([current, before], horizons);
    const rows = await this.booked.read({ slices, scope, groupBy: 'none' });
    const usageOf = async (range: TimeRange, point: number): Promise<PeriodUsage> => {
      const sums = rows.find((row) => row.point === point) ?? NOTHING_USED;
      const { requests } = sums;
      const percentiles = await this.percentiles.of({ range, horizons, scope, requests });
      return { ...sums, ...percentiles, ...range };
    };
    return { current: await usageOf(current, 0), before: await usageOf(before, 1) };
  }
}
