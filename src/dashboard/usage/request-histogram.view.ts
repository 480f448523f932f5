import type { UsageChartAnswer } from '../../usage/queries/usage-chart.js';
import { entryFilters, type RequestFilter } from '../../usage/requests/request-filter.js';
import { UsageTimeSeriesView, usageTimeSeriesView } from './usage-time-series.view.js';

/** Requests over time, a line for each status, from the roll-ups. */
export class RequestHistogramView extends UsageTimeSeriesView {
  /** Names of filters that the roll-ups know nothing of: the counts are those without them. */
  notApplied!: string[];
}

/** As the query has them. */
const NAMES = {
  idPrefix: 'requestId',
  minCostNanoUsd: 'minCost',
  minLatencyMs: 'minLatency',
  hasImages: 'hasImages',
  estimated: 'estimated',
  cacheHit: 'cacheHit',
  stream: 'stream',
} as const satisfies Record<ReturnType<typeof entryFilters>[number], string>;

export function requestHistogramView(
  answer: UsageChartAnswer,
  filter: RequestFilter,
  timeZone: string,
): RequestHistogramView {
  return {
    ...usageTimeSeriesView(answer, { metric: 'requests', timeZone }),
    notApplied: entryFilters(filter).map((name) => NAMES[name]),
  };
}
