import { Injectable } from '@nestjs/common';
import { BookedUsageReader, type BookedUsage } from './booked-usage.js';
import { slicesOf } from './period-slices.js';
import { coverable } from './time-cover.js';
import type { Grouping } from './usage-grouping.js';
import { describeGroup, type GroupNames } from './usage-groups.js';
import { isPercentile, SUM_METRICS, type Metric } from './usage-metrics.js';
import { UsageNames } from './usage-names.js';
import type { SumColumn } from './usage-sums.js';
import {
  UsageSeries,
  type UsageLine,
  type UsageSeriesAnswer,
  type UsageSeriesQuery,
} from './usage-series.js';

export type UsageChartQuery = Omit<UsageSeriesQuery, 'grouped'> & {
  readonly groupBy: Grouping | 'none';
  /** Groups that get a line of their own, the largest ones; the rest is one more line. */
  readonly top: number;
};

export interface NamedLine extends UsageLine {
  /** Null for the rest, and for everything where nothing is told apart. */
  readonly group: GroupNames | null;
}

export type UsageChartAnswer = Omit<UsageSeriesAnswer, 'lines'> & {
  /** The largest first; the rest, where there is one, last. */
  readonly lines: readonly NamedLine[];
};

/** A chart of usage by the largest groups. */
@Injectable()
export class UsageChart {
  constructor(
    private readonly booked: BookedUsageReader,
    private readonly series: UsageSeries,
    private readonly names: UsageNames,
  ) {}

  /** @throws ApiError as `UsageSeries` */
  async of({ groupBy, top, ...query }: UsageChartQuery): Promise<UsageChartAnswer> {
    if (groupBy === 'none') {
      const { lines, ...answer } = await this.series.of(query);
      return { ...answer, lines: lines.map((line) => ({ ...line, group: null })) };
    }
    const [ranked, names] = await Promise.all([
      this.#ranked(query, groupBy),
      this.names.ofClients(),
    ]);
    const shown = ranked.slice(0, top);
    const ids = shown.map(({ group = '' }) => group);
    const { lines, ...answer } = await this.series.of({ ...query, grouped: { by: groupBy, ids } });
    const named = lines.map((line, index) => {
      const row = shown[index];
      return { ...line, group: row === undefined ? null : describeGroup(row, groupBy, names) };
    });
    const hasRest = ranked.length > shown.length || shown.length === 0;
    return { ...answer, lines: hasRest ? named : named.slice(0, -1) };
  }

  /** The largest first, by what the chart shows; by requests where that has no size. */
  async #ranked(
    { range, scope, metric }: Omit<UsageSeriesQuery, 'grouped'>,
    groupBy: Grouping,
  ): Promise<BookedUsage[]> {
    const horizons = await this.booked.horizons();
    const slices = slicesOf([coverable(range, horizons)], horizons);
    const columns: SumColumn[] = ['requests'];
    if (!isPercentile(metric)) columns.push(...SUM_METRICS[metric].columns);
    const rows = await this.booked.read({
      slices,
      scope,
      groupBy,
      columns: [...new Set(columns)],
    });
    const sizeOf = sizeBy(metric);
    return rows
      .filter(({ requests }) => requests !== 0)
      .toSorted(
        (one, other) =>
          sizeOf(other) - sizeOf(one) || ((one.group ?? '') < (other.group ?? '') ? -1 : 1),
      );
  }
}

function sizeBy(metric: Metric): (sums: BookedUsage) => number {
  if (isPercentile(metric)) return ({ requests }) => requests;
  return (sums) => SUM_METRICS[metric].valueOf(sums) ?? 0;
}
