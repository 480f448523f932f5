import { ROLLUP_SUMS } from '../rollups/rollup-columns.js';

/** What was used, added up. Money is whole nano-USD, times are sums of milliseconds. */
export interface UsageSums {
  readonly requests: number;
  /** Those that ended as `error`, `interrupted` or `rejected`. */
  readonly errors: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly costNanoUsd: bigint;
  /** What providers said that they charged, where they do. */
  readonly providerCostNanoUsd: bigint;
  readonly unpricedRequests: number;
  readonly estimatedRequests: number;
  readonly latencyMs: number;
  /** Requests whose latency is in the sum. */
  readonly latencyRequests: number;
  readonly firstChunkMs: number;
  readonly firstChunkRequests: number;
}

export const NOTHING_USED: UsageSums = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costNanoUsd: 0n,
  providerCostNanoUsd: 0n,
  unpricedRequests: 0,
  estimatedRequests: 0,
  latencyMs: 0,
  latencyRequests: 0,
  firstChunkMs: 0,
  firstChunkRequests: 0,
};

/** A request that its client broke off is no error of anybody. */
const FAILED = "('error', 'interrupted', 'rejected')";

export const SUM_COLUMNS = [...ROLLUP_SUMS, 'errors'] as const;
export type SumColumn = (typeof SUM_COLUMNS)[number];

/** A sum over roll-ups in SQL, under its own name. */
export function sumOfRollups(column: SumColumn): string {
  if (column !== 'errors') return `SUM(${column}) AS ${column}`;
  return `SUM(CASE WHEN status IN ${FAILED} THEN requests ELSE 0 END) AS errors`;
}

/** A row with some of the columns of `SUM_COLUMNS`, as text where the driver would round. */
export function readUsageSums(row: Readonly<Record<string, unknown>>): UsageSums {
  const count = (name: string): number => Number(row[name] ?? 0);
  const money = (name: string): bigint => BigInt((row[name] ?? 0) as string | number);
  return {
    requests: count('requests'),
    errors: count('errors'),
    inputTokens: count('input_tokens'),
    cachedInputTokens: count('cached_input_tokens'),
    cacheWriteTokens: count('cache_write_tokens'),
    outputTokens: count('output_tokens'),
    reasoningTokens: count('reasoning_tokens'),
    costNanoUsd: money('cost_nano_usd'),
    providerCostNanoUsd: money('provider_cost_nano_usd'),
    unpricedRequests: count('unpriced_requests'),
    estimatedRequests: count('estimated_requests'),
    latencyMs: count('latency_ms'),
    latencyRequests: count('latency_requests'),
    firstChunkMs: count('first_chunk_ms'),
    firstChunkRequests: count('first_chunk_requests'),
  };
}

export function addUsageSums(one: UsageSums, other: UsageSums): UsageSums {
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
    costNanoUsd: one.costNanoUsd + other.costNanoUsd,
    providerCostNanoUsd: one.providerCostNanoUsd + other.providerCostNanoUsd,
    unpricedRequests: one.unpricedRequests + other.unpricedRequests,
    estimatedRequests: one.estimatedRequests + other.estimatedRequests,
    latencyMs: one.latencyMs + other.latencyMs,
    latencyRequests: one.latencyRequests + other.latencyRequests,
    firstChunkMs: one.firstChunkMs + other.firstChunkMs,
    firstChunkRequests: one.firstChunkRequests + other.firstChunkRequests,
  };
}
