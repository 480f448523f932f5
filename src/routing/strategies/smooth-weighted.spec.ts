import { describe, expect, it } from 'vitest';
import { weightedTarget } from '../../../test/support/weighted-target.js';
import type { WeightedTarget } from '../route-target.js';
import { SmoothWeighted } from './smooth-weighted.js';

const own = ({ weight }: WeightedTarget): number => weight;

function pick(sut: SmoothWeighted, targets: readonly WeightedTarget[], count: number): string {
  return Array.from({ length: count }, () => sut.pick(targets, own).instance.name).join('');
}

describe(SmoothWeighted, () => {
  it('spreads the turns', () => {
    const targets = [weightedTarget('a', 5), weightedTarget('b', 1), weightedTarget('c', 1)];
    expect(pick(new SmoothWeighted(), targets, 14)).toBe('aabacaaaabacaa');
  });

  it('gives a canary its one turn in a hundred, in every hundred', () => {
    const sut = new SmoothWeighted();
    const targets = [weightedTarget('a', 99), weightedTarget('b', 1)];
    for (let run = 0; run < 20; run += 1) {
      expect(pick(sut, targets, 100).replaceAll('a', '')).toBe('b');
    }
  });

  it('gives who weighs nothing no turn while there is anybody else', () => {
    const [zero, one] = [weightedTarget('z', 0), weightedTarget('a', 1)];
    const sut = new SmoothWeighted();
    expect(pick(sut, [zero, one], 5)).toBe('aaaaa');
    expect(pick(sut, [zero], 2)).toBe('zz');
  });

  it('stays exact among those that are left when one is away', () => {
    const [a, b, c] = [weightedTarget('a', 2), weightedTarget('b', 1), weightedTarget('c', 3)];
    const sut = new SmoothWeighted();
    pick(sut, [a, b, c], 7);
    const picked = pick(sut, [a, b], 30);
    expect(picked.replaceAll('a', '')).toHaveLength(10);
  });
});
