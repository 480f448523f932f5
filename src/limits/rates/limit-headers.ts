import type { LimitKind } from './limit.js';
import type { Standing } from './limit-store.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const NAMES = (['requests', 'tokens'] as const).map((kind) => ({
  kind,
  limit: `x-ratelimit-limit-${kind}`,
  remaining: `x-ratelimit-remaining-${kind}`,
  reset: `x-ratelimit-reset-${kind}`,
}));

/**
 * `x-ratelimit-*`, of the limit of each kind that is nearest to its end. `reset` is when something
 * leaves its window: for a request that was refused, when enough has left to let it in.
 */
export function limitHeaders(standings: readonly Standing[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { kind, limit, remaining, reset } of NAMES) {
    const tightest = findTightest(standings, kind);
    if (tightest === undefined) continue;
    headers[limit] = String(tightest.limit.most);
    headers[remaining] = String(tightest.remaining);
    headers[reset] = `${wholeSeconds(tightest.waitMs)}s`;
  }
  return headers;
}

function findTightest(standings: readonly Standing[], kind: LimitKind): Standing | undefined {
  let tightest: Standing | undefined;
  for (const standing of standings) {
    if (standing.limit.kind !== kind) continue;
    if (tightest === undefined || isTighter(standing, tightest)) tightest = standing;
  }
  return tightest;
}

function isTighter(one: Standing, other: Standing): boolean {
  if (one.isShort !== other.isShort) return one.isShort;
  if (one.isShort) return one.waitMs > other.waitMs;
  return one.remaining < other.remaining;
}

/** Rounded up, so that nobody comes back too early; what never comes is told as a minute. */
export function wholeSeconds(milliseconds: number): number {
  return Math.ceil(Math.min(milliseconds, MINUTE_MS) / SECOND_MS);
}
