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
  const { inputTokens, outputTokens, audio = false, longCache = false } = ceiling;
  const input = INPUT_BUCKETS[longCache ? 1 : 0][audio ? 1 : 0];
  const output = OUTPUT_BUCKETS[audio ? 1 : 0];
  const possible = possibleRates(price, inputTokens);
  return (
    addDearest(sum, inputTokens, possible, input) && addDearest(sum, outputTokens, possible, output)
  );
}

function addDearest(
  sum: PicoSum,
  tokens: number,
  possible: readonly TokenRates[],
  buckets: readonly TokenBucket[],
): boolean {
  if (tokens === 0) return true;
  let dearest = 0;
  for (const rates of possible) {
    const rate = dearestIn(rates, buckets);
    if (rate === null) return false;
    if (rate > dearest) dearest = rate;
  }
  sum.add(tokens, dearest);
  return true;
}

const PLAIN_INPUT: readonly TokenBucket[] = [
  'inputUncached',
  'cacheRead',
  'cacheWrite',
  'inputImage',
];
const LONG_CACHE_INPUT: readonly TokenBucket[] = [...PLAIN_INPUT, 'cacheWrite1h'];
/** Without and with entries of a long cache, each without and with audio. */
const INPUT_BUCKETS = [
  [PLAIN_INPUT, [...PLAIN_INPUT, 'inputAudio']],
  [LONG_CACHE_INPUT, [...LONG_CACHE_INPUT, 'inputAudio']],
] as const satisfies readonly (readonly (readonly TokenBucket[])[])[];
const PLAIN_OUTPUT: readonly TokenBucket[] = ['outputText', 'outputReasoning', 'outputImage'];
/** Without and with audio. */
const OUTPUT_BUCKETS = [
  PLAIN_OUTPUT,
  [...PLAIN_OUTPUT, 'outputAudio'],
] as const satisfies readonly (readonly TokenBucket[])[];

/** By the lists above: a price is asked for the same again with every request that is held for. */
const known = new WeakMap<TokenRates, DearestByBuckets>();
type DearestByBuckets = Map<readonly TokenBucket[], number | null>;

function dearestIn(rates: TokenRates, buckets: readonly TokenBucket[]): number | null {
  let byBuckets = known.get(rates);
  if (byBuckets === undefined) {
    byBuckets = new Map() as DearestByBuckets;
    known.set(rates, byBuckets);
  }
  let dearest = byBuckets.get(buckets);
  if (dearest === undefined) {
    dearest = maxOf(buckets.map((bucket) => rates[bucket]));
    byBuckets.set(buckets, dearest);
  }
  return dearest;
}

/** True when the ceiling tells of something that the price charges by. */
function addMostUnits(sum: PicoSum, { units }: UsageCeiling, price: Price): boolean {
  if (units === undefined) return false;
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
