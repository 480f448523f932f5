import type { WeightedTarget } from '../../src/routing/route-target.js';

/** A place as far as strategies look at it. */
export function weightedTarget(name: string, weight = 1): WeightedTarget {
  return { instance: { name }, model: 'm', weight, tags: [] } as unknown as WeightedTarget;
}

export function namesOf(targets: readonly WeightedTarget[]): string {
  return targets.map(({ instance }) => instance.name).join('');
}
