import { describe, expect, it } from 'vitest';
import { namesOf, weightedTarget } from '../../../test/support/weighted-target.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { TargetStats } from '../targets/target-stats.js';
import { fastest } from './fastest.js';

const targets = ['a', 'b', 'c'].map((name) => weightedTarget(name));
const [a, b, c] = targets as [(typeof targets)[0], (typeof targets)[0], (typeof targets)[0]];

function given() {
  const clock = { time: 0, now: () => clock.time };
  const stats = new TargetStats(clock);
  const seen = (target: (typeof targets)[0], milliseconds: number, fails = false) => {
    const call = stats.begin(target, true);
    clock.time += milliseconds;
    if (!fails) call.first();
    call.end(fails ? new ProviderError('failed', 'failed') : undefined);
  };
  /** @param drawn the two targets that the lot falls on; of three, by their places */
  const order = (drawn: [number, number], among = targets) => {
    const [one, other] = drawn;
    const lots = [one / among.length, (other > one ? other - 1 : other) / (among.length - 1)];
    const random = () => (lots.shift() ?? 0) + 0.001;
    return namesOf(
      fastest(among, { find: (target) => stats.find(target), isStream: true, random }),
    );
  };
  return { clock, stats, seen, order };
}

describe(fastest, () => {
  it('prefers the faster of the two that are drawn', () => {
    const { seen, order } = given();
    seen(a, 900);
    seen(b, 100);
    seen(c, 500);
    expect([order([0, 1]), order([0, 2]), order([2, 1])]).toEqual(['bac', 'cab', 'bca']);
  });

  it('follows when the faster one becomes slow', () => {
    const { seen, order } = given();
    seen(a, 300);
    seen(b, 100);
    expect(order([0, 1], [a, b])).toBe('ba');
    for (let count = 0; count < 5; count += 1) seen(b, 2_000);
    expect(order([0, 1], [a, b])).toBe('ab');
  });

  it('tries who is not known, with one call at a time', () => {
    const { stats, seen, order } = given();
    seen(a, 10);
    expect(order([0, 1], [a, b])).toBe('ba');
    stats.begin(b, true);
    expect(order([0, 1], [a, b])).toBe('ab');
  });

  it('tries who was slow again when that is long ago', () => {
    const { clock, seen, order } = given();
    seen(b, 5_000);
    seen(a, 10);
    expect(order([0, 1], [a, b])).toBe('ab');
    clock.time += 300_000;
    seen(a, 10);
    expect(order([0, 1], [a, b])).toBe('ba');
  });

  it('does not take a fast failure for speed', () => {
    const { seen, order } = given();
    seen(a, 500);
    seen(b, 1, true);
    expect(order([0, 1], [a, b])).toBe('ab');
    seen(b, 300);
    // 300 ms, but half of its calls fail.
    expect(order([0, 1], [a, b])).toBe('ab');
  });
});
