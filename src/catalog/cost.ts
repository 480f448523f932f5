import { totalInput, type TokenUsage } from '../providers/contract/token-usage.js';
import { UNITS, type UsageUnits } from '../providers/contract/usage-units.js';
import { PicoSum } from './pico-sum.js';
import {
  possibleRates,
  ratesFor,
  TOKEN_BUCKETS,
  type Price,
  type TokenBucket,
  type TokenRates,
} from './price.js';
import { servedTier } from './service-tier.js';
import { dearestUnitRate, pricesUnits, unitRate } from './unit-rates.js';

/**
 * What one call cost, in whole nano-USD: everything is summed exactly in pico-USD and the sum is
 * rounded once, half up. Null when something was used that the price does not cover: a bucket
 * without a rate, or a call of which nobody counted what it is charged by.
 *
 * @throws CostRangeError for counts that are no counts
 */
export function costNanoUsd(usage: TokenUsage, price: Price): number | null {
  const sum = new PicoSum();
  const byUnit = addUnits(sum, usage, price);
  if (usage.uncounted === true && !byUnit && charges(price)) return null;
  // Who sells by the picture or the second may count tokens too; they are not what is paid for.
  const tokensMatter = !byUnit || pricesTokens(price);
  if (tokensMatter && !addTokens(sum, usage, price)) return null;
  if (usage.webSearches !== 0) sum.addNano(usage.webSearches, price.webSearchNanoUsd);
  sum.addNano(1, price.perRequestNanoUsd);
  return sum.toNano('half-up');
}

/** Whether the vendor served a tier that the price has no rates for, so that the standard ones were taken. */
export function lacksServiceTier({ serviceTier }: TokenUsage, price: Price): boolean {
  const tier = servedTier(serviceTier);
  return tier !== undefined && price.serviceTiers?.[tier] === undefined && pricesTokens(price);
}

/** Whether tokens have a price at all. */
function pricesTokens({ rates }: Price): boolean {
  return TOKEN_BUCKETS.some((bucket) => rates[bucket] !== null);
}

/** False when a bucket was used that has no rate. */
function addTokens(sum: PicoSum, usage: TokenUsage, price: Price): boolean {
  const rates = ratesFor(price, totalInput(usage), usage.serviceTier);
  for (const bucket of TOKEN_BUCKETS) {
    const tokens = usage[bucket];
    if (tokens === 0) continue;
    const rate = rates[bucket];
    if (rate === null) return false;
    sum.add(tokens, rate);
  }
  return true;
}

/** True when something was counted that the price charges by. */
function addUnits(sum: PicoSum, { units }: TokenUsage, price: Price): boolean {
  if (units === undefined || !pricesUnits(price)) return false;
  let charged = false;
  for (const unit of UNITS) {
    const count = units[unit];
    if (count === undefined) continue;
    const rate = unitRate(price, unit, units);
    if (rate === undefined) continue;
    sum.add(count, rate);
    // A tool's fee comes on top of what a call costs.
    if (unit !== 'fileSearch') charged = true;
  }
  return charged;
}

/** Whether a call costs more the more it uses. */
function charges(price: Price): boolean {
  return (
    hasPositive(price.rates) ||
    hasPositive(price.units ?? {}) ||
    (price.images ?? []).some(({ picoUsd }) => picoUsd > 0)
  );
}

function hasPositive(rates: TokenRates | NonNullable<Price['units']>): boolean {
  return Object.values(rates).some((rate) => rate !== null && rate > 0);
}

/** What a request may use at most. */
export interface UsageCeiling {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The request carries or asks for audio, which may cost more than text. */
  readonly audio?: boolean;
  /** The request asks for cache entries that live for an hour. */
  readonly longCache?: boolean;
  readonly webSearches?: number;
  /** What is charged beside tokens, as far as the request tells; the form of pictures is not looked at. */
  readonly units?: UsageUnits | undefined;
}

/**
 * The most that a call within `ceiling` can cost, in nano-USD, rounded up; for reservations. Each
 * token counts at the dearest rate that it may end up with: a cache write costs more than plain
 * input, another service tier more than the standard one, and nobody knows before the answer which
 * it will be. Null when the price does not cover it.
 *
 * @throws CostRangeError for counts that are no counts
 */
export function maxCostNanoUsd(ceiling: UsageCeiling, price: Price): number | null {
  const sum = new PicoSum();
  const unitsBound = addMostUnits(sum, ceiling, price);
  const byUnitAlone = !pricesTokens(price) && pricesUnits(price);
  if (byUnitAlone ? !unitsBound : !addMostTokens(sum, ceiling, price)) return null;
  sum.addNano(ceiling.webSearches ?? 0, price.webSearchNanoUsd);
  sum.addNano(1, price.perRequestNanoUsd);
  return sum.toNano('up');
}

/** False when a bucket may be used that has no rate. */
function addMostTokens(sum: PicoSum, ceiling: UsageCeiling, price: Price): boolean {
  const input: TokenBucket[] = ['inputUncached', 'cacheRead', 'cacheWrite', 'inputImage'];
  if (ceiling.longCache) input.push('cacheWrite1h');
  if (ceiling.audio) input.push('inputAudio');
  const output: TokenBucket[] = ['outputText', 'outputReasoning', 'outputImage'];
  if (ceiling.audio) output.push('outputAudio');

  const possible = possibleRates(price, ceiling.inputTokens);
  const parts = [
    { tokens: ceiling.inputTokens, buckets: input },
    { tokens: ceiling.outputTokens, buckets: output },
  ];
  for (const { tokens, buckets } of parts) {
    if (tokens === 0) continue;
    const dearest = maxOf(possible.flatMap((rates) => buckets.map((bucket) => rates[bucket])));
    if (dearest === null) return false;
    sum.add(tokens, dearest);
  }
  return true;
}

/** True when the ceiling tells of something that the price charges by. */
function addMostUnits(sum: PicoSum, { units = {} }: UsageCeiling, price: Price): boolean {
  let bound = false;
  for (const unit of UNITS) {
    const count = units[unit];
    const rate = dearestUnitRate(price, unit);
    if (count === undefined || rate === undefined) continue;
    sum.add(count, rate);
    bound = true;
  }
  return bound;
}

/** Null as soon as one of them is, because that one might be the dearest. */
function maxOf(rates: ReadonlyArray<number | null>): number | null {
  let max = 0;
  for (const rate of rates) {
    if (rate === null) return null;
    if (rate > max) max = rate;
  }
  return max;
}
