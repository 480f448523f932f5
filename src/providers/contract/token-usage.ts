import type { UsageUnits } from './usage-units.js';

/**
 * What one call used, in disjoint buckets: every token is in exactly one of them, so totals are
 * sums and each bucket can be priced by itself. Counts are tokens unless the name says otherwise.
 */
export interface TokenUsage {
  /** Text input that was neither read from nor written to a prompt cache. */
  readonly inputUncached: number;
  readonly cacheRead: number;
  /** Written to the cache at its default lifetime (Anthropic 5 minutes, OpenAI 30). */
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly inputAudio: number;
  readonly inputImage: number;
  readonly outputText: number;
  readonly outputReasoning: number;
  readonly outputAudio: number;
  readonly outputImage: number;
  /** Calls, not tokens. */
  readonly webSearches: number;
  /** What was used that is no token; beside the tokens, not instead of them. */
  readonly units?: UsageUnits;
  /** The tier the vendor says it served, which may differ from the one asked for. */
  readonly serviceTier?: string;
  /** What the vendor says it charged, in nano-USD. */
  readonly providerCostNanoUsd?: number;
  /** True when the vendor reported nothing and the counts are ours. */
  readonly estimated: boolean;
  /**
   * True when the call was not counted in tokens: the vendor charges by `units`, or said nothing. No
   * tokens then says nothing about the cost.
   */
  readonly uncounted?: boolean;
  /** The vendor's own object, untouched. */
  readonly raw: unknown;
}

export const NO_USAGE: TokenUsage = {
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  inputAudio: 0,
  inputImage: 0,
  outputText: 0,
  outputReasoning: 0,
  outputAudio: 0,
  outputImage: 0,
  webSearches: 0,
  estimated: false,
  raw: null,
};

/** All tokens that went in, whatever their price. */
export function totalInput(usage: TokenUsage): number {
  return (
    usage.inputUncached +
    usage.cacheRead +
    usage.cacheWrite +
    usage.cacheWrite1h +
    usage.inputAudio +
    usage.inputImage
  );
}

/** All tokens that came out, reasoning included. */
export function totalOutput(usage: TokenUsage): number {
  return usage.outputText + usage.outputReasoning + usage.outputAudio + usage.outputImage;
}
