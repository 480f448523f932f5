import { Injectable } from '@nestjs/common';
import {
  COVERED_BY_LATENCIES,
  hasLatencies,
  LATENCY_GROUPINGS,
  LatencyReader,
  type GroupPercentiles,
} from '../latency/latency-reader.js';
import { NO_PERCENTILES, type Percentiles } from '../latency/percentiles.js';
import { BookedUsageReader, type BookedUsage } from './booked-usage.js';
import { slicesOf } from './period-slices.js';
import type { PointSlice } from './sliced-sql.js';
import { coverable, type TimeRange } from './time-cover.js';
import type { Grouping } from './usage-grouping.js';
import { describeGroup, type GroupNames } from './usage-groups.js';
import { UsageNames } from './usage-names.js';
import type { UsageScope } from './usage-scope.js';
import { addUsageSums, NOTHING_USED, type UsageSums } from './usage-sums.js';

export interface UsageGroup extends GroupNames, UsageSums, Percentiles {}

export interface UsageBreakdownAnswer extends TimeRange {
  /** Dearest first. */
  readonly groups: readonly UsageGroup[];
  /** The sums of all of them. */
  readonly total: UsageSums & Percentiles;
}

/** Who or what used how much within a range. */
@Injectable()
export class UsageBreakdown {
  constructor(
    private readonly booked: BookedUsageReader,
    private readonly latencies: LatencyReader,
    private readonly names: UsageNames,
  ) {}

  /** Percentiles by providers and models only, over all clients: that is what they are kept by. */
  async of(asked: TimeRange, scope: UsageScope, groupBy: Grouping): Promise<UsageBreakdownAnswer> {
    const horizons = await this.booked.horizons();
    const range = coverable(asked, horizons);
    const latencySlices = hasLatencies(scope)
      ? slicesOf([range], horizons, COVERED_BY_LATENCIES)
      : [];
    const [rows, percentiles, [overall], names] = await Promise.all([
      this.booked.read({ slices: slicesOf([range], horizons), scope, groupBy }),
      this.#percentiles(latencySlices, scope, groupBy),
      this.latencies.read({ slices: latencySlices, scope, groupBy: 'none' }),
      this.names.ofClients(),
    ]);
    const times = new Map(percentiles.map((found) => [found.group, found]));
    const groups = rows
      .filter(({ requests }) => requests !== 0)
      .map((row) => ({
        ...describeGroup(row, groupBy, names),
        ...NO_PERCENTILES,
        ...times.get(row.group),
        ...sumsOf(row),
      }))
      .toSorted(dearestFirst);
    const total = groups.reduce<UsageSums>(addUsageSums, NOTHING_USED);
    return { ...range, groups, total: { ...NO_PERCENTILES, ...overall, ...total } };
  }

  #percentiles(
    slices: readonly PointSlice[],
    scope: UsageScope,
    groupBy: Grouping,
  ): Promise<GroupPercentiles[]> {
    const known = LATENCY_GROUPINGS.find((grouping) => grouping === groupBy);
    return known === undefined
      ? Promise.resolve([])
      : this.latencies.read({ slices, scope, groupBy: known });
  }
}

function sumsOf({ point: _point, group: _group, clientId: _clientId, ...sums }: BookedUsage) {
  return sums;
}

function dearestFirst(one: UsageGroup, other: UsageGroup): number {
  if (one.costNanoUsd !== other.costNanoUsd) return one.costNanoUsd > other.costNanoUsd ? -1 : 1;
  return other.requests - one.requests || (one.id < other.id ? -1 : 1);
}
