import { totalInput, type TokenUsage } from '../providers/contract/token-usage.js';
import { UNITS, type Unit } from '../providers/contract/usage-units.js';
import { ratesFor, TOKEN_BUCKETS, type Price, type TokenBucket } from './price.js';
import { pricesUnits, unitRate } from './unit-rates.js';

/** One thing that a request is charged for. */
export interface CostPart {
  readonly of: TokenBucket | Unit | 'webSearch' | 'request';
  readonly count: number;
  /** What one of them costs, in pico-USD. */
  readonly picoUsdEach: number;
  readonly picoUsd: bigint;
}

const PICO_PER_NANO = 1000;

/**
 * What the cost of a request is made of. Their sum, rounded half up to whole nano-USD, is what
 * `costNanoUsd` gives, where that gives anything.
 */
export function costParts(usage: TokenUsage, price: Price): CostPart[] {
  const parts: CostPart[] = [];
  const add = (of: CostPart['of'], count: number, picoUsdEach: number): void => {
    if (count === 0 || picoUsdEach === 0) return;
    parts.push({ of, count, picoUsdEach, picoUsd: BigInt(count) * BigInt(picoUsdEach) });
  };
  const { units } = usage;
  let byUnit = false;
  if (units !== undefined && pricesUnits(price)) {
    for (const unit of UNITS) {
      const count = units[unit];
      const rate = unitRate(price, unit, units);
      if (count === undefined || rate === undefined) continue;
      add(unit, count, rate);
      // A tool's fee comes on top of what a call costs.
      if (unit !== 'fileSearch') byUnit = true;
    }
  }
  const pricesTokens = TOKEN_BUCKETS.some((bucket) => price.rates[bucket] !== null);
  if (!byUnit || pricesTokens) {
    const rates = ratesFor(price, totalInput(usage), usage.serviceTier);
    for (const bucket of TOKEN_BUCKETS) add(bucket, usage[bucket], rates[bucket] ?? 0);
  }
  add('webSearch', usage.webSearches, price.webSearchNanoUsd * PICO_PER_NANO);
  add('request', 1, price.perRequestNanoUsd * PICO_PER_NANO);
  return parts;
}
