import type { Percentiles } from '../latency/percentiles.js';
import type { UsageSums } from './usage-sums.js';

/** What a chart can show of sums. Cost is in USD, for display; shares are between 0 and 1, times milliseconds. */
export const SUM_METRICS = {
  requests: (sums) => sums.requests,
  errors: (sums) => sums.errors,
  errorRate: (sums) => ratio(sums.errors, sums.requests),
  tokens: (sums) => sums.inputTokens + sums.outputTokens,
  inputTokens: (sums) => sums.inputTokens,
  cachedInputTokens: (sums) => sums.cachedInputTokens,
  cacheWriteTokens: (sums) => sums.cacheWriteTokens,
  outputTokens: (sums) => sums.outputTokens,
  reasoningTokens: (sums) => sums.reasoningTokens,
  cost: (sums) => Number(sums.costNanoUsd) / 1e9,
  unpricedRequests: (sums) => sums.unpricedRequests,
  estimatedRequests: (sums) => sums.estimatedRequests,
  meanLatency: (sums) => ratio(sums.latencyMs, sums.latencyRequests),
  meanFirstChunk: (sums) => ratio(sums.firstChunkMs, sums.firstChunkRequests),
} as const satisfies Record<string, (sums: UsageSums) => number | null>;

export const PERCENTILE_METRICS = {
  latencyP50: (percentiles) => percentiles.latencyP50Ms,
  latencyP95: (percentiles) => percentiles.latencyP95Ms,
  firstChunkP50: (percentiles) => percentiles.firstChunkP50Ms,
  firstChunkP95: (percentiles) => percentiles.firstChunkP95Ms,
} as const satisfies Record<string, (percentiles: Percentiles) => number | null>;

export type SumMetric = keyof typeof SUM_METRICS;
export type PercentileMetric = keyof typeof PERCENTILE_METRICS;
export type Metric = SumMetric | PercentileMetric;

export const METRICS = [
  ...Object.keys(SUM_METRICS),
  ...Object.keys(PERCENTILE_METRICS),
] as Metric[];

export function isPercentile(metric: Metric): metric is PercentileMetric {
  return metric in PERCENTILE_METRICS;
}

/** Null where there is nothing to be a share of. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
