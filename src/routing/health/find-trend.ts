import type { CallWindow } from './call-window.js';

/** Each window this much slower than the one before. */
const SLOWER = 1.25;
/** Below this nobody notices, and it may be noise. */
const NOTICEABLE_MS = 50;
/** Percentage points over two windows. */
const NOTICEABLE_POINTS = 10;

export type Trend = 'errors_rise' | 'latency_rises';

/**
 * What gets worse over two windows in a row, before it is bad enough to be a fault.
 * @param windows oldest first; the last three count
 * @param minCalls that each of them needs to say anything
 */
export function findTrend(windows: readonly CallWindow[], minCalls: number): Trend | undefined {
  const last = windows.slice(-3);
  if (last.length < 3 || last.some(({ calls }) => calls < minCalls)) return undefined;
  const [first, second, third] = last.map((window) => window.errorPercent) as Three;
  if (first < second && second < third && third - first >= NOTICEABLE_POINTS) return 'errors_rise';
  const isSlower =
    getsSlower(last.map((window) => window.firstChunkMs(minCalls / 2))) ||
    getsSlower(last.map((window) => window.wholeMs(minCalls / 2)));
  return isSlower ? 'latency_rises' : undefined;
}

type Three = [number, number, number];

function getsSlower(means: readonly (number | undefined)[]): boolean {
  if (means.includes(undefined)) return false;
  const [first, second, third] = means as Three;
  return second >= first * SLOWER && third >= second * SLOWER && third - first >= NOTICEABLE_MS;
}
