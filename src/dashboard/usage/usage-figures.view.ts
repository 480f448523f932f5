import { formatUsd } from '../../common/money/format-usd.js';
import type { Percentiles } from '../../usage/latency/percentiles.js';
import { ratio } from '../../usage/queries/usage-metrics.js';
import type { UsageSums } from '../../usage/queries/usage-sums.js';

/** What was used, added up over requests. */
export class UsageFiguresView {
  requests!: number;
  /** Requests that ended as `error`, `interrupted` or `rejected`; not those that their client broke off. */
  errors!: number;
  /** Errors among requests, from 0 to 1; null without requests. */
  errorRate!: number | null;
  /** All input, tokens from a cache and those written into one included. */
  inputTokens!: number;
  /** Input that the provider had in its cache. */
  cachedInputTokens!: number;
  cacheWriteTokens!: number;
  /** All output, reasoning included. */
  outputTokens!: number;
  reasoningTokens!: number;
  /** Whole billionths of a US dollar, as text. Requests without a price add nothing to it. */
  costNanoUsd!: string;
  /** The same in US dollars, for display. */
  costUsd!: number;
  /** What providers said that they charged, where they do; whole nano-USD as text. */
  providerCostNanoUsd!: string;
  /** Requests whose cost is not known because their model has no price. */
  unpricedRequests!: number;
  /** Requests whose tokens the provider did not tell, or not all of them. */
  estimatedRequests!: number;
  /** Mean time from the arrival of a request to the end of its answer, in milliseconds. */
  meanLatencyMs!: number | null;
  /** Mean time to the first chunk of streamed answers, in milliseconds. */
  meanFirstChunkMs!: number | null;
  /** Half of the requests took at most so long. Null where latencies are not kept by that. */
  latencyP50Ms!: number | null;
  /** Nineteen in twenty took at most so long. */
  latencyP95Ms!: number | null;
  /** The same of the time to the first chunk of streams. */
  firstChunkP50Ms!: number | null;
  firstChunkP95Ms!: number | null;
}

export function usageFiguresView(usage: UsageSums & Percentiles): UsageFiguresView {
  return {
    requests: usage.requests,
    errors: usage.errors,
    errorRate: ratio(usage.errors, usage.requests),
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    costNanoUsd: String(usage.costNanoUsd),
    costUsd: usdOf(usage.costNanoUsd),
    providerCostNanoUsd: String(usage.providerCostNanoUsd),
    unpricedRequests: usage.unpricedRequests,
    estimatedRequests: usage.estimatedRequests,
    meanLatencyMs: rounded(ratio(usage.latencyMs, usage.latencyRequests)),
    meanFirstChunkMs: rounded(ratio(usage.firstChunkMs, usage.firstChunkRequests)),
    latencyP50Ms: usage.latencyP50Ms,
    latencyP95Ms: usage.latencyP95Ms,
    firstChunkP50Ms: usage.firstChunkP50Ms,
    firstChunkP95Ms: usage.firstChunkP95Ms,
  };
}

/** For display. */
export function usdOf(nanoUsd: number | bigint): number {
  return Number(formatUsd(nanoUsd));
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
