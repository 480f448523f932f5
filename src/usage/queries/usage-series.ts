import { Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error.js';
import {
  COVERED_BY_LATENCIES,
  hasLatencies,
  LATENCY_GROUPINGS,
  LatencyReader,
  type LatencyGrouping,
} from '../latency/latency-reader.js';
import { NO_PERCENTILES } from '../latency/percentiles.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { BookedUsageReader } from './booked-usage.js';
import { slicesOf } from './period-slices.js';
import { coverable, type Horizons, type TimeRange } from './time-cover.js';
import {
  chooseInterval,
  countPoints,
  minutesOrHours,
  MOST_PERCENTILE_POINTS,
  MOST_POINTS,
  pointsOf,
  type Interval,
} from './time-points.js';
import type { Grouping } from './usage-grouping.js';
import { isPercentile, PERCENTILE_METRICS, SUM_METRICS, type Metric } from './usage-metrics.js';
import type { UsageScope } from './usage-scope.js';
import { NOTHING_USED } from './usage-sums.js';

export interface UsageSeriesQuery {
  readonly range: TimeRange;
  readonly scope: UsageScope;
  readonly metric: Metric;
  /** Groups that are told apart, in that order; all others come to one more. Undefined for no groups. */
  readonly grouped?: { readonly by: Grouping; readonly ids: readonly string[] } | undefined;
  /** What suits the range when absent. */
  readonly interval?: Interval | undefined;
  readonly timeZone: string;
}

export interface UsageLine {
  /** Of its group; null for everything that is not told apart. */
  readonly id: string | null;
  /** One for each point; null where there is nothing to be a share or a mean of. */
  readonly values: readonly (number | null)[];
  /** The exact money behind the values, where the metric is cost. */
  readonly nanoUsd: readonly bigint[] | null;
}

export interface UsageSeriesAnswer extends TimeRange {
  readonly interval: Interval;
  readonly points: readonly TimeRange[];
  readonly lines: readonly UsageLine[];
}

/** Something that happened at one point, under a group. */
interface Placed {
  readonly point: number;
  readonly group: string | undefined;
}

/** How usage went over a range, point by point, from the roll-ups. */
@Injectable()
export class UsageSeries {
  constructor(
    private readonly booked: BookedUsageReader,
    private readonly latencies: LatencyReader,
  ) {}

  /** @throws ApiError `invalid_value` for more points than there may be, or finer ones than there are */
  async of(query: UsageSeriesQuery): Promise<UsageSeriesAnswer> {
    const horizons = await this.booked.horizons();
    const range = coverable(query.range, horizons);
    const interval = intervalOf(query, range, horizons);
    const byHour = isPercentile(query.metric);
    const points = pointsOf(range, {
      interval,
      timeZone: query.timeZone,
      fineness: byHour ? () => ROLLUP_WIDTHS.hour : minutesOrHours(horizons),
    });
    const slices = slicesOf(points, horizons, byHour ? COVERED_BY_LATENCIES : undefined);
    const { scope, metric, grouped } = query;
    const groups = grouped?.ids;
    const lineIds = groups === undefined ? [null] : [...groups, null];
    if (isPercentile(metric)) {
      if (!hasLatencies(scope)) throw onlyForAll();
      const groupBy = latencyGroupingOf(grouped?.by);
      const { measure, valueOf } = PERCENTILE_METRICS[metric];
      const rows = await this.latencies.read({ slices, scope, groupBy, groups, measure });
      const lines = linesOf(lineIds, points.length, rows, (row) => ({
        value: valueOf(row ?? NO_PERCENTILES),
        nanoUsd: 0n,
      }));
      return { ...range, interval, points, lines: withoutMoney(lines) };
    }
    const { columns, valueOf } = SUM_METRICS[metric];
    const groupBy = grouped?.by ?? 'none';
    const rows = await this.booked.read({ slices, scope, groupBy, groups, columns });
    const lines = linesOf(lineIds, points.length, rows, (row) => ({
      value: valueOf(row ?? NOTHING_USED),
      nanoUsd: row?.costNanoUsd ?? 0n,
    }));
    return { ...range, interval, points, lines: metric === 'cost' ? lines : withoutMoney(lines) };
  }
}

function linesOf<Row extends Placed>(
  ids: readonly (string | null)[],
  count: number,
  rows: readonly Row[],
  read: (row: Row | undefined) => { readonly value: number | null; readonly nanoUsd: bigint },
): UsageLine[] {
  return ids.map((id) => {
    const byPoint = new Map(
      rows
        .filter(({ group }) => ids.length === 1 || (group ?? null) === id)
        .map((row) => [row.point, row]),
    );
    const cells = Array.from({ length: count }, (_, point) => read(byPoint.get(point)));
    return {
      id,
      values: cells.map(({ value }) => value),
      nanoUsd: cells.map(({ nanoUsd }) => nanoUsd),
    };
  });
}

function withoutMoney(lines: readonly UsageLine[]): UsageLine[] {
  return lines.map((line) => ({ ...line, nanoUsd: null }));
}

function intervalOf(
  { interval: asked, metric }: UsageSeriesQuery,
  range: TimeRange,
  horizons: Horizons,
): Interval {
  const chosen = asked ?? chooseInterval(range, horizons);
  const interval =
    asked === undefined && chosen === 'minute' && isPercentile(metric) ? 'hour' : chosen;
  if (interval === 'minute') {
    if (range.from < horizons.minutes) {
      throw invalidInterval('Minutes are no longer kept for that range.');
    }
    if (isPercentile(metric))
      throw invalidInterval('Percentiles are kept by the hour and the day.');
  }
  const most = isPercentile(metric) ? MOST_PERCENTILE_POINTS : MOST_POINTS;
  if (countPoints(range, interval) > most) {
    throw invalidInterval(`The range has more than ${most} points of that interval.`);
  }
  return interval;
}

function invalidInterval(message: string): ApiError {
  return new ApiError('invalid_value', message, { param: 'interval' });
}

/** @throws ApiError `invalid_value` for what latencies are not kept by */
function latencyGroupingOf(by: Grouping | undefined): LatencyGrouping | 'none' {
  if (by === undefined) return 'none';
  const grouping = LATENCY_GROUPINGS.find((known) => known === by);
  if (grouping !== undefined) return grouping;
  throw new ApiError('invalid_value', 'Percentiles over time are kept by provider and model.', {
    param: 'groupBy',
  });
}

function onlyForAll(): ApiError {
  return new ApiError('invalid_value', 'Percentiles over time are kept for all clients together.', {
    param: 'metric',
  });
}
