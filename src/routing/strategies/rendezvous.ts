import { hash } from 'node:crypto';
import { addressOf, type WeightedTarget } from '../route-target.js';

/**
 * The targets in the order that a key has for them, always and everywhere the same: each target
 * draws a number from the key, larger ones likelier with more weight. When a target goes, only the
 * keys that had it first move, each to its second.
 */
export function rendezvous(
  key: string,
  targets: readonly WeightedTarget[],
  weightOf: (target: WeightedTarget) => number,
): WeightedTarget[] {
  return targets
    .map((target) => ({ target, score: scoreOf(key, addressOf(target), weightOf(target)) }))
    .toSorted((one, other) => other.score - one.score)
    .map(({ target }) => target);
}

/** With the logarithm of an even draw, who draws most is each target as often as its weight says. */
function scoreOf(key: string, address: string, weight: number): number {
  if (weight === 0) return -1;
  const drawn = hash('sha256', `${address}\n${key}`, 'buffer').readUIntBE(0, 6);
  return -weight / Math.log((drawn + 0.5) / 2 ** 48);
}
