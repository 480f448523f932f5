import { describe, expect, it } from 'vitest';
import { type Quantile, SlowTimes } from './slow-times.js';

function given(count: number, quantile: Quantile = 'p95'): SlowTimes {
  const times = new SlowTimes(quantile);
  for (let time = 1; time <= count; time += 1) times.add(time);
  return times;
}

describe(SlowTimes.name, () => {
  it.each([
    [19, undefined],
    [20, 19],
    [100, 95],
    [200, 190],
    // Only the last two hundred count.
    [300, 290],
  ])('of %i calls', (count, p95) => {
    expect(given(count).threshold).toBe(p95);
  });

  it.each([
    ['p90', 180],
    ['p99', 198],
  ] as const)('has %s as well', (quantile, threshold) => {
    expect(given(200, quantile).threshold).toBe(threshold);
  });

  it('does not take a tail for what is usual, as long as it is thinner than the quantile', () => {
    const times = new SlowTimes('p90');
    // Of 200 calls 16 are slow, where 5 % would be 10.
    for (let call = 0; call < 200; call += 1) times.add(call % 13 === 0 ? 1_000 : 20);
    expect(times.threshold).toBe(20);
  });

  it('counts a call that was broken off where it was slow', () => {
    const times = given(100);
    times.addBrokenOff(10);
    expect(times.threshold).toBe(95);
    for (let call = 0; call < 10; call += 1) times.addBrokenOff(500);
    expect(times.threshold).toBe(500);
  });
});
