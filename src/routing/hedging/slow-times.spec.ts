import { describe, expect, it } from 'vitest';
import { SlowTimes } from './slow-times.js';

function given(count: number): SlowTimes {
  const times = new SlowTimes();
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
    expect(given(count).p95).toBe(p95);
  });

  it('counts a call that was broken off where it was slow', () => {
    const times = given(100);
    times.addBrokenOff(10);
    expect(times.p95).toBe(95);
    for (let call = 0; call < 10; call += 1) times.addBrokenOff(500);
    expect(times.p95).toBe(500);
  });
});
