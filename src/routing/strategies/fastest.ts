import type { WeightedTarget } from '../route-target.js';
import type { MeasuredTarget, TargetFigures } from '../targets/target-stats.js';

/** Who fails this often is not tried for want of figures. */
const HOPELESS_ERROR_RATE = 0.5;

export interface FastestOptions {
  readonly find: (target: MeasuredTarget) => TargetFigures | undefined;
  readonly isStream: boolean;
  /** 0 to below 1. */
  readonly random: () => number;
}

/**
 * Of two targets drawn by lot the faster one first, then the other, then the rest by speed. The lot
 * keeps everybody from running to whoever was fastest a moment ago. Who is not known gets a call.
 */
export function fastest(
  targets: readonly WeightedTarget[],
  { find, isStream, random }: FastestOptions,
): WeightedTarget[] {
  const [one, other] = drawTwo(targets.length, random);
  const scored = targets.map((target, index) => ({
    target,
    isDrawn: index === one || index === other,
    score: scoreOf(find(target), isStream),
  }));
  return scored
    .toSorted((left, right) =>
      left.isDrawn === right.isDrawn ? left.score - right.score : left.isDrawn ? -1 : 1,
    )
    .map(({ target }) => target);
}

/** Milliseconds, more for who fails; below all others for who is to be tried. */
function scoreOf(figures: TargetFigures | undefined, isStream: boolean): number {
  if (figures === undefined) return -1;
  const { firstChunkMs, latencyMs, errorRate, inFlight } = figures;
  const milliseconds = isStream ? firstChunkMs : latencyMs;
  if (milliseconds !== undefined) return milliseconds / Math.max(0.01, 1 - errorRate);
  if (errorRate >= HOPELESS_ERROR_RATE) return Number.MAX_VALUE;
  // One call is enough to know more.
  return inFlight === 0 ? -1 : Number.MAX_SAFE_INTEGER;
}

function drawTwo(count: number, random: () => number): [number, number] {
  const one = Math.floor(random() * count);
  const other = Math.floor(random() * (count - 1));
  return [one, other >= one ? other + 1 : other];
}
