import { INTERVALS, type Interval } from '../../usage/queries/time-points.js';
import type { NamedLine, UsageChartAnswer } from '../../usage/queries/usage-chart.js';
import { METRICS, type Metric } from '../../usage/queries/usage-metrics.js';
import { ApiProperty } from '@nestjs/swagger';

/** A point in time of a chart, half-open. The first and the last are cut off by the range. */
export class UsagePointView {
  /** ISO 8601, inclusive. */
  from!: string;
  /** ISO 8601, exclusive. */
  to!: string;
}

/** What one group used, point by point. */
export class UsageLineView {
  /** As in the break-down; null for everything that has no line of its own. */
  id!: string | null;
  /** For people; null for everything that has no line of its own. */
  name!: string | null;
  /** One for each point. Cost is in US dollars, times in milliseconds; null where there is nothing to be a share of. */
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  values!: (number | null)[];
  /** The exact cost of each point in whole nano-USD, as text; null unless the metric is the cost. */
  nanoUsd!: string[] | null;
}

/** Usage over time, in lines. */
export class UsageTimeSeriesView {
  /** ISO 8601, inclusive. */
  from!: string;
  /** ISO 8601, exclusive. */
  to!: string;
  @ApiProperty({ enum: METRICS })
  metric!: Metric;
  @ApiProperty({ enum: INTERVALS })
  interval!: Interval;
  /** In which days begin. */
  timeZone!: string;
  points!: UsagePointView[];
  /** The largest first; what has no line of its own comes last. */
  lines!: UsageLineView[];
}

export function usageTimeSeriesView(
  answer: UsageChartAnswer,
  { metric, timeZone }: { metric: Metric; timeZone: string },
): UsageTimeSeriesView {
  return {
    from: iso(answer.from),
    to: iso(answer.to),
    metric,
    interval: answer.interval,
    timeZone,
    points: answer.points.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
    lines: answer.lines.map(lineView),
  };
}

function lineView({ group, values, nanoUsd }: NamedLine): UsageLineView {
  return {
    id: group?.id ?? null,
    name: group?.name ?? null,
    values: [...values],
    nanoUsd: nanoUsd?.map(String) ?? null,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
