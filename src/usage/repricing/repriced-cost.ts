import type { Price } from '../../catalog/price.js';
import type { TokenUsage } from '../../providers/contract/token-usage.js';
import type { Outcome } from '../admission.js';
import { chargeFor } from '../build-usage-entry.js';
import type { UsageEntry } from '../usage-entry.js';

/**
 * What a booked request costs by another price, in nano-USD; null where that price cannot say, as
 * at its settlement.
 */
export function repricedCost(entry: UsageEntry, price: Price): number | null {
  return chargeFor({ status: entry.status as Outcome['status'], usage: usageOf(entry) }, price);
}

/** The disjoint buckets that an entry's totals were made of. */
export function usageOf(entry: UsageEntry): TokenUsage {
  return {
    inputUncached:
      entry.inputTokens -
      entry.cachedInputTokens -
      entry.cacheWriteTokens -
      entry.cacheWrite1hTokens -
      entry.inputAudioTokens -
      entry.inputImageTokens,
    cacheRead: entry.cachedInputTokens,
    cacheWrite: entry.cacheWriteTokens,
    cacheWrite1h: entry.cacheWrite1hTokens,
    inputAudio: entry.inputAudioTokens,
    inputImage: entry.inputImageTokens,
    outputText:
      entry.outputTokens -
      entry.reasoningTokens -
      entry.outputAudioTokens -
      entry.outputImageTokens,
    outputReasoning: entry.reasoningTokens,
    outputAudio: entry.outputAudioTokens,
    outputImage: entry.outputImageTokens,
    webSearches: entry.webSearches,
    ...(entry.units !== null && { units: entry.units }),
    ...(entry.serviceTier !== null && { serviceTier: entry.serviceTier }),
    estimated: entry.estimated,
    uncounted: wasUncounted(entry),
    raw: null,
  };
}

/** The books do not say it; without tokens, only these were charged or left unpriced. */
function wasUncounted(entry: UsageEntry): boolean {
  if (entry.inputTokens > 0 || entry.outputTokens > 0 || entry.webSearches > 0) return false;
  if (entry.costNanoUsd === null) return entry.priceId !== null || entry.status === 'ok';
  return entry.costNanoUsd > 0;
}
