import { addressOf, type WeightedTarget } from '../route-target.js';

/**
 * Takes turns by weight, as evenly spread as can be: of any run as long as the sum of the weights,
 * each target gets exactly its share. A weight of 1 among 100 is one turn in a hundred.
 */
export class SmoothWeighted {
  /** By address, how far each target is ahead of its turn; they add up to nothing. */
  readonly #credit = new Map<string, number>();

  /** @param targets never empty; when none weighs anything, the first one is taken */
  pick(targets: readonly WeightedTarget[], weightOf: (target: WeightedTarget) => number) {
    let best = targets[0] as WeightedTarget;
    let bestCredit = -Infinity;
    let total = 0;
    for (const target of targets) {
      const weight = weightOf(target);
      if (weight === 0) continue;
      const credit = (this.#credit.get(addressOf(target)) ?? 0) + weight;
      this.#credit.set(addressOf(target), credit);
      total += weight;
      if (credit > bestCredit) {
        best = target;
        bestCredit = credit;
      }
    }
    if (total > 0) this.#credit.set(addressOf(best), bestCredit - total);
    return best;
  }
}
