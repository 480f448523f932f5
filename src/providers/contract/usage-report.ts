import type { Target } from './target.js';

/** A line of the vendor's own books. What the line does not tell is null. */
export interface ReportedUsage {
  /** `YYYY-MM-DD`, a day of UTC. */
  readonly day: string;
  /** The vendor's id, often dated where a caller's is not. */
  readonly model: string | null;
  /** The vendor's id of the provider key. */
  readonly apiKeyId: string | null;
  readonly requests: number | null;
  /** All input, cached or not. */
  readonly inputTokens: number | null;
  /** All output, reasoning included. */
  readonly outputTokens: number | null;
  /** A decimal of USD, perhaps with an exponent, perhaps negative: a credit. */
  readonly costUsd: string | null;
}

/** Whole days of UTC, in milliseconds since the epoch. */
export interface ReportRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** How a vendor is asked for its books, and how they are read; the two apart, as they may come from a file. */
export interface UsageReporting {
  /** The answers as they came, all pages of every report. Rejects with `ProviderError`. */
  fetch(target: Target, range: ReportRange): Promise<readonly unknown[]>;
  /** The lines of one answer, of whichever report. Throws `ProviderError` when it is none. */
  read(page: unknown): readonly ReportedUsage[];
}

/** A line that tells nothing yet. */
export const NOTHING_REPORTED = {
  model: null,
  apiKeyId: null,
  requests: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
} as const;
