import { costNanoUsd } from '../../catalog/cost.js';
import { CostRangeError } from '../../catalog/pico-sum.js';
import type { Price } from '../../catalog/price.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import type { WeightedTarget } from '../route-target.js';

/** What an answer is taken to have where the request sets no bound. */
const USUAL_OUTPUT_TOKENS = 500;

export interface CheapestOptions {
  readonly priceOf: (target: WeightedTarget) => Price | undefined;
  readonly inputTokens: number;
  readonly maxOutputTokens: number | undefined;
}

/** By what the request may cost there; who has no price is last, because that is not free. */
export function cheapest(
  targets: readonly WeightedTarget[],
  { priceOf, inputTokens, maxOutputTokens }: CheapestOptions,
): WeightedTarget[] {
  const outputText = Math.min(maxOutputTokens ?? USUAL_OUTPUT_TOKENS, Number.MAX_SAFE_INTEGER);
  const usage = { ...NO_USAGE, inputUncached: inputTokens, outputText };
  const costOf = (price: Price | undefined): number => {
    try {
      return (price && costNanoUsd(usage, price)) ?? Number.MAX_VALUE;
    } catch (error) {
      if (error instanceof CostRangeError) return Number.MAX_VALUE;
      throw error;
    }
  };
  return targets
    .map((target) => ({ target, cost: costOf(priceOf(target)) }))
    .toSorted((one, other) => one.cost - other.cost)
    .map(({ target }) => target);
}
