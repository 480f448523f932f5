import type { Price } from '../../catalog/price.js';
import type { ModelPriceView } from './model.view.js';

const PICO_PER_TOKEN = 1e6;
const NANO = 1e9;

export function modelPriceView(price: Price): ModelPriceView {
  const { rates, source, sourceVersion, effectiveFrom } = price;
  return {
    source,
    sourceVersion: sourceVersion ?? null,
    effectiveFrom: effectiveFrom ?? null,
    input: perMillion(rates.inputUncached),
    cachedInput: perMillion(rates.cacheRead),
    cacheWrite: perMillion(rates.cacheWrite),
    cacheWrite1h: perMillion(rates.cacheWrite1h),
    output: perMillion(rates.outputText),
    outputReasoning: perMillion(rates.outputReasoning),
    perRequestUsd: price.perRequestNanoUsd / NANO,
    hasMore:
      price.tiers.length > 0 ||
      price.serviceTiers !== undefined ||
      price.units !== undefined ||
      price.images !== undefined ||
      price.webSearchNanoUsd > 0,
  };
}

/** Pico-USD per token as USD per million tokens. */
function perMillion(rate: number | null): number | null {
  return rate === null ? null : rate / PICO_PER_TOKEN;
}
