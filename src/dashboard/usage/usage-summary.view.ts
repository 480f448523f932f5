import { ApiProperty } from '@nestjs/swagger';
import { PERCENTILE_BASES, type PercentileBasis } from '../../usage/latency/period-percentiles.js';
import type { PeriodUsage, UsageSummaryAnswer } from '../../usage/queries/usage-summary.js';
import { UsageFiguresView, usageFiguresView } from './usage-figures.view.js';

/** Usage within a range. */
export class PeriodUsageView extends UsageFiguresView {
  /** ISO 8601, inclusive. A little before what was asked for where only whole hours are left in the books. */
  from!: string;
  /** ISO 8601, exclusive. */
  to!: string;
  /** What the percentiles are of: `all` requests exactly, all of them counted by `steps` (a tenth off at most), or the `newest` thousand. */
  @ApiProperty({ enum: PERCENTILE_BASES })
  percentileBasis!: PercentileBasis;
}

/** Usage within a range, and within the one of the same length before it. */
export class UsageSummaryView extends PeriodUsageView {
  /** The period before, to compare with. */
  before!: PeriodUsageView;
  /** Streams that are open at this moment, whatever the range. */
  activeStreams!: number;
}

export function usageSummaryView(
  { current, before }: UsageSummaryAnswer,
  activeStreams: number,
): UsageSummaryView {
  return { ...periodUsageView(current), before: periodUsageView(before), activeStreams };
}

export function periodUsageView(period: PeriodUsage): PeriodUsageView {
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    percentileBasis: period.percentileBasis,
    ...usageFiguresView(period),
  };
}
