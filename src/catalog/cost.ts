import { totalInput, type TokenUsage } from '../providers/contract/token-usage.js';
import { ratesFor, TOKEN_BUCKETS, type Price, type TokenBucket } from './price.js';

const PICO_PER_NANO = 1000;

/** A count that is no whole number ≥ 0, or a cost beyond 2^53 nano-USD (nine million dollars). */
export class CostRangeError extends RangeError {
  override readonly name = 'CostRangeError';
}

/**
 * What one call cost, in whole nano-USD: all buckets are summed exactly in pico-USD and the sum is
 * rounded once, half up. Null when a bucket was used that the price does not cover.
 *
 * @throws CostRangeError for counts that are no counts
 */
export function costNanoUsd(usage: TokenUsage, price: Price): number | null {
  const rates = ratesFor(price, totalInput(usage));
  const sum = new PicoSum();
  for (const bucket of TOKEN_BUCKETS) {
    const tokens = usage[bucket];
    if (tokens === 0) continue;
    const rate = rates[bucket];
    if (rate === null) return null;
    sum.add(tokens, rate);
  }
  if (usage.webSearches !== 0) sum.add(usage.webSearches, price.webSearchNanoUsd * PICO_PER_NANO);
  sum.add(1, price.perRequestNanoUsd * PICO_PER_NANO);
  return sum.toNano('half-up');
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
}

/**
 * The most that a call within `ceiling` can cost, in nano-USD, rounded up; for reservations. Each
 * token counts at the dearest rate that it may end up with: a cache write costs more than plain
 * input, and nobody knows before the answer which it will be. Null when the price does not cover it.
 *
 * @throws CostRangeError for counts that are no counts
 */
export function maxCostNanoUsd(ceiling: UsageCeiling, price: Price): number | null {
  const rates = ratesFor(price, ceiling.inputTokens);
  const input: TokenBucket[] = ['inputUncached', 'cacheRead', 'cacheWrite', 'inputImage'];
  if (ceiling.longCache) input.push('cacheWrite1h');
  if (ceiling.audio) input.push('inputAudio');
  const output: TokenBucket[] = ['outputText', 'outputReasoning'];
  if (ceiling.audio) output.push('outputAudio');

  const sum = new PicoSum();
  const parts = [
    { tokens: ceiling.inputTokens, buckets: input },
    { tokens: ceiling.outputTokens, buckets: output },
  ];
  for (const { tokens, buckets } of parts) {
    if (tokens === 0) continue;
    const dearest = maxOf(buckets.map((bucket) => rates[bucket]));
    if (dearest === null) return null;
    sum.add(tokens, dearest);
  }
  sum.add(ceiling.webSearches ?? 0, price.webSearchNanoUsd * PICO_PER_NANO);
  sum.add(1, price.perRequestNanoUsd * PICO_PER_NANO);
  return sum.toNano('up');
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

/** An exact sum of products of integers; leaves plain numbers only when they would become inexact. */
class PicoSum {
  #small = 0;
  #large = 0n;

  add(count: number, pico: number): void {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new CostRangeError(`A count of ${count} cannot be charged`);
    }
    const product = count * pico;
    // Rounding is monotone: a float sum within the safe range is the exact one.
    if (this.#small + product <= Number.MAX_SAFE_INTEGER) this.#small += product;
    else this.#large += BigInt(count) * BigInt(pico);
  }

  toNano(rounding: 'half-up' | 'up'): number {
    const extra = rounding === 'up' ? PICO_PER_NANO - 1 : PICO_PER_NANO / 2;
    if (this.#large === 0n) {
      // By remainder, because a quotient of large numbers may be rounded up to the next integer.
      const rest = this.#small % PICO_PER_NANO;
      return (this.#small - rest) / PICO_PER_NANO + (rest + extra >= PICO_PER_NANO ? 1 : 0);
    }
    const pico = this.#large + BigInt(this.#small) + BigInt(extra);
    const nano = Number(pico / BigInt(PICO_PER_NANO));
    if (!Number.isSafeInteger(nano)) throw new CostRangeError('The cost is beyond any real one');
    return nano;
  }
}
