/** What is compared. Null: nobody told. */
export interface Measures {
  readonly requests: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costNanoUsd: number | null;
}

export const MEASURES = ['requests', 'inputTokens', 'outputTokens', 'costNanoUsd'] as const;
/** Those that money hangs on; a vendor may count as one request what are two here, and the other way round. */
export const JUDGED = ['inputTokens', 'outputTokens', 'costNanoUsd'] as const;
export type Measure = (typeof MEASURES)[number];

export const NOTHING_TOLD: Measures = {
  requests: null,
  inputTokens: null,
  outputTokens: null,
  costNanoUsd: null,
};

export function addMeasures(one: Measures, other: Measures): Measures {
  return {
    requests: add(one.requests, other.requests),
    inputTokens: add(one.inputTokens, other.inputTokens),
    outputTokens: add(one.outputTokens, other.outputTokens),
    costNanoUsd: add(one.costNanoUsd, other.costNanoUsd),
  };
}

function add(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : one + other;
}

/** One figure, as the ledger and as the vendor have it. */
export interface Drift {
  readonly ours: number;
  /** Null where the vendor does not tell; nothing follows from that. */
  readonly theirs: number | null;
  /** Ours minus theirs. */
  readonly difference: number | null;
  /** Of theirs, not negative; 100 where theirs is 0 and ours is not. */
  readonly percent: number | null;
}

export function driftOf(ours: number, theirs: number | null): Drift {
  if (theirs === null) return { ours, theirs, difference: null, percent: null };
  const difference = ours - theirs;
  return { ours, theirs, difference, percent: percentOf(difference, theirs) };
}

function percentOf(difference: number, theirs: number): number {
  if (difference === 0) return 0;
  return theirs === 0 ? 100 : Math.abs(difference / theirs) * 100;
}
