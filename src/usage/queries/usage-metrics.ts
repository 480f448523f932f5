import type { Percentiles } from '../latency/percentiles.js';
import type { LatencyMeasure } from '../latency/latency-rollups.js';
import type { SumColumn, UsageSums } from './usage-sums.js';

interface SumMetricRule {
  /** What it is worked out from. */
  readonly columns: readonly SumColumn[];
  /** Cost is in USD, for display; shares are between 0 and 1, times milliseconds. */
  valueOf(sums: UsageSums): number | null;
}

/** What a chart can show of sums. */
export const SUM_METRICS = {
  requests: { columns: ['requests'], valueOf: (sums) => sums.requests },
  errors: { columns: ['errors'], valueOf: (sums) => sums.errors },
  errorRate: {
    columns: ['errors', 'requests'],
    valueOf: (sums) => ratio(sums.errors, sums.requests),
  },
  tokens: {
    columns: ['input_tokens', 'output_tokens'],
    valueOf: (sums) => sums.inputTokens + sums.outputTokens,
  },
  inputTokens: { columns: ['input_tokens'], valueOf: (sums) => sums.inputTokens },
  cachedInputTokens: {
    columns: ['cached_input_tokens'],
    valueOf: (sums) => sums.cachedInputTokens,
  },
  cacheWriteTokens: { columns: ['cache_write_tokens'], valueOf: (sums) => sums.cacheWriteTokens },
  outputTokens: { columns: ['output_tokens'], valueOf: (sums) => sums.outputTokens },
  reasoningTokens: { columns: ['reasoning_tokens'], valueOf: (sums) => sums.reasoningTokens },
  cost: { columns: ['cost_nano_usd'], valueOf: (sums) => Number(sums.costNanoUsd) / 1e9 },
  unpricedRequests: { columns: ['unpriced_requests'], valueOf: (sums) => sums.unpricedRequests },
  estimatedRequests: {
    columns: ['estimated_requests'],
    valueOf: (sums) => sums.estimatedRequests,
  },
  meanLatency: {
    columns: ['latency_ms', 'latency_requests'],
    valueOf: (sums) => ratio(sums.latencyMs, sums.latencyRequests),
  },
  meanFirstChunk: {
    columns: ['first_chunk_ms', 'first_chunk_requests'],
    valueOf: (sums) => ratio(sums.firstChunkMs, sums.firstChunkRequests),
  },
} as const satisfies Record<string, SumMetricRule>;

interface PercentileMetricRule {
  readonly measure: LatencyMeasure;
  valueOf(percentiles: Percentiles): number | null;
}

/** Milliseconds. */
export const PERCENTILE_METRICS = {
  latencyP50: { measure: 'latency', valueOf: ({ latencyP50Ms }) => latencyP50Ms },
  latencyP95: { measure: 'latency', valueOf: ({ latencyP95Ms }) => latencyP95Ms },
  firstChunkP50: { measure: 'first_chunk', valueOf: ({ firstChunkP50Ms }) => firstChunkP50Ms },
  firstChunkP95: { measure: 'first_chunk', valueOf: ({ firstChunkP95Ms }) => firstChunkP95Ms },
} as const satisfies Record<string, PercentileMetricRule>;

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
