import { NO_FIRST_CHUNK, stepAfter } from './latency-steps.js';

/** How many requests took so long, in milliseconds rounded down as `roundedDown` does. */
export interface LatencyCount {
  readonly latencyMs: number;
  readonly firstChunkMs: number;
  readonly requests: number;
}

/**
 * Milliseconds that half and nineteen in twenty of the requests took at most; null without any.
 * Approximate: true within the step that the request in question was rounded to, an eighth of
 * its length at most on either side in the middle of it.
 */
export interface Percentiles {
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly firstChunkP50Ms: number | null;
  readonly firstChunkP95Ms: number | null;
}

export const NO_PERCENTILES: Percentiles = {
  latencyP50Ms: null,
  latencyP95Ms: null,
  firstChunkP50Ms: null,
  firstChunkP95Ms: null,
};

export function percentilesOf(counts: readonly LatencyCount[]): Percentiles {
  const latencies = histogramOf(counts, ({ latencyMs }) => latencyMs);
  const firstChunks = histogramOf(counts, ({ firstChunkMs }) => firstChunkMs);
  return {
    latencyP50Ms: percentile(latencies, 0.5),
    latencyP95Ms: percentile(latencies, 0.95),
    firstChunkP50Ms: percentile(firstChunks, 0.5),
    firstChunkP95Ms: percentile(firstChunks, 0.95),
  };
}

interface Step {
  readonly start: number;
  readonly requests: number;
}

/** Steps with requests in them, in ascending order. */
function histogramOf(
  counts: readonly LatencyCount[],
  startOf: (count: LatencyCount) => number,
): Step[] {
  const requests = new Map<number, number>();
  for (const count of counts) {
    const start = startOf(count);
    if (start === NO_FIRST_CHUNK) continue;
    requests.set(start, (requests.get(start) ?? 0) + count.requests);
  }
  return [...requests]
    .filter(([, count]) => count > 0)
    .map(([start, count]) => ({ start, requests: count }))
    .toSorted((one, other) => one.start - other.start);
}

/** Within its step a request is taken to stand where its rank among the others there puts it. */
function percentile(steps: readonly Step[], share: number): number | null {
  const total = steps.reduce((sum, { requests }) => sum + requests, 0);
  const rank = Math.max(1, Math.ceil(total * share));
  let before = 0;
  for (const { start, requests } of steps) {
    if (before + requests >= rank) {
      return Math.floor(start + (stepAfter(start) * (rank - before - 0.5)) / requests);
    }
    before += requests;
  }
  return null;
}
