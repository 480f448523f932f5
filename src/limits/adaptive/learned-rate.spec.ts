import { describe, expect, it } from 'vitest';
import { LearnedRate } from './learned-rate.js';

/** How many calls go out when there is always one that wants to, looked at every 10 ms. */
function sentWithin(rate: LearnedRate, from: number, to: number): number {
  let sent = 0;
  for (let now = from; now < to; now += 10) {
    while (rate.waitMs(now) === 0) {
      rate.take(now);
      sent += 1;
    }
  }
  return sent;
}

describe(LearnedRate.name, () => {
  it('is what got through, and never less than the floor', () => {
    expect(new LearnedRate({ passed: 100, sent: 100, now: 0 }).at(0)).toBe(100);
    expect(new LearnedRate({ passed: 0, sent: 1, now: 0 }).at(0)).toBe(30);
  });

  it('lets a burst out and spreads the rest over the minute', () => {
    const rate = new LearnedRate({ passed: 600, sent: 600, now: 0 });
    expect(sentWithin(rate, 0, 10)).toBe(100);
    expect(rate.waitMs(10)).toBeCloseTo(90, -1);
    // Ten a second, and as long as nothing is refused a little more.
    expect(sentWithin(rate, 10, 10_010)).toBe(100);
  });

  it('comes back to what was sent before within a minute, step by step', () => {
    const rate = new LearnedRate({ passed: 100, sent: 400, now: 0 });
    expect([0, 15_000, 30_000, 60_000].map((now) => rate.at(now))).toEqual([100, 175, 250, 400]);
    expect([119_999, 120_000].map((now) => rate.isOverAt(now))).toEqual([false, true]);
  });

  it('falls by a fifth with each further refusal, and goes back to where it was', () => {
    const rate = new LearnedRate({ passed: 200, sent: 200, now: 0 });
    rate.lower({ passed: 1_000, sent: 1_000, now: 0 });
    expect(rate.at(0)).toBe(160);
    expect(rate.at(60_000)).toBe(200);
    rate.lower({ passed: 50, sent: 500, now: 60_000 });
    expect(rate.at(60_000)).toBe(50);
    for (let i = 0; i < 20; i += 1) rate.lower({ passed: 50, sent: 50, now: 60_000 });
    expect(rate.at(60_000)).toBe(30);
  });

  it('is corrected by refusals of calls that were out already, without falling further', () => {
    const rate = new LearnedRate({ passed: 200, sent: 200, now: 0 });
    rate.correct({ passed: 300, sent: 300, now: 0 });
    expect(rate.at(0)).toBe(200);
    rate.correct({ passed: 120, sent: 200, now: 0 });
    expect(rate.at(0)).toBe(120);
  });
});
