import { stepAfter } from './latency-steps.js';
import type { LatencyMeasure } from './latency-rollups.js';

/** How many requests took so long. */
export interface LatencyCount {
  readonly measure: LatencyMeasure;
  /** Milliseconds, rounded down as `roundedDown` does. */
  readonly fromMs: number;
  readonly requests: number;
}

/** Milliseconds that half and nineteen in twenty of the requests took at most; null without any. */
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

/** Of counts by steps: a tenth off at most. */
export function percentilesOfCounts(counts: readonly LatencyCount[]): Percentiles {
  const latencies = histogramOf(counts, 'latency');
  const firstChunks = histogramOf(counts, 'first_chunk');
  return {
    latencyP50Ms: percentileOfSteps(latencies, 0.5),
    latencyP95Ms: percentileOfSteps(latencies, 0.95),
    firstChunkP50Ms: percentileOfSteps(firstChunks, 0.5),
    firstChunkP95Ms: percentileOfSteps(firstChunks, 0.95),
  };
}

/** Exact, of single requests. */
export function percentilesOfTimes(
  requests: readonly { readonly latencyMs: number | null; readonly firstChunkMs: number | null }[],
): Percentiles {
  const latencies = sorted(requests.map(({ latencyMs }) => latencyMs));
  const firstChunks = sorted(requests.map(({ firstChunkMs }) => firstChunkMs));
  return {
    latencyP50Ms: percentileOfTimes(latencies, 0.5),
    latencyP95Ms: percentileOfTimes(latencies, 0.95),
    firstChunkP50Ms: percentileOfTimes(firstChunks, 0.5),
    firstChunkP95Ms: percentileOfTimes(firstChunks, 0.95),
  };
}

interface Step {
  readonly start: number;
  readonly requests: number;
}

/** Steps with requests in them, in ascending order. */
function histogramOf(counts: readonly LatencyCount[], measure: LatencyMeasure): Step[] {
  const requests = new Map<number, number>();
  for (const count of counts) {
    if (count.measure !== measure) continue;
    requests.set(count.fromMs, (requests.get(count.fromMs) ?? 0) + count.requests);
  }
  return [...requests]
    .filter(([, count]) => count > 0)
    .map(([start, count]) => ({ start, requests: count }))
    .toSorted((one, other) => one.start - other.start);
}

/** Within its step a request is taken to stand where its rank among the others there puts it. */
function percentileOfSteps(steps: readonly Step[], share: number): number | null {
  const total = steps.reduce((sum, { requests }) => sum + requests, 0);
  const rank = rankOf(total, share);
  let before = 0;
  for (const { start, requests } of steps) {
    if (before + requests >= rank) {
      return Math.floor(start + (stepAfter(start) * (rank - before - 0.5)) / requests);
    }
    before += requests;
  }
  return null;
}

function percentileOfTimes(times: readonly number[], share: number): number | null {
  return times[rankOf(times.length, share) - 1] ?? null;
}

/** Which of so many, from the shortest on, is the first that the share does not exceed. */
function rankOf(total: number, share: number): number {
  return Math.max(1, Math.ceil(total * share));
}

function sorted(times: readonly (number | null)[]): number[] {
  return times.filter((time) => time !== null).toSorted((one, other) => one - other);
}
