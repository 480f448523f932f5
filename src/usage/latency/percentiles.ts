import type { LatencyMeasure } from './latency-rollups.js';

/** Percent of the requests. */
export const SHARES = [50, 95] as const;
export type Share = (typeof SHARES)[number];

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

export function percentileName(measure: LatencyMeasure, share: Share): keyof Percentiles {
  return `${measure === 'latency' ? 'latency' : 'firstChunk'}P${share}Ms`;
}

/** Exact, of single requests. */
export function percentilesOfTimes(
  requests: readonly { readonly latencyMs: number | null; readonly firstChunkMs: number | null }[],
): Percentiles {
  const latencies = sorted(requests.map(({ latencyMs }) => latencyMs));
  const firstChunks = sorted(requests.map(({ firstChunkMs }) => firstChunkMs));
  return {
    latencyP50Ms: percentile(latencies, 50),
    latencyP95Ms: percentile(latencies, 95),
    firstChunkP50Ms: percentile(firstChunks, 50),
    firstChunkP95Ms: percentile(firstChunks, 95),
  };
}

/** The first from the shortest on that the share does not exceed. */
function percentile(times: readonly number[], share: Share): number | null {
  return times[Math.ceil((times.length * share) / 100) - 1] ?? null;
}

function sorted(times: readonly (number | null)[]): number[] {
  return times.filter((time) => time !== null).toSorted((one, other) => one - other);
}
