import { describe, expect, it } from 'vitest';
import { usualRate } from './usual-rate.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

function hour(ago: number, requests: number) {
  return { startedAt: NOW - (ago + 1) * HOUR, requests };
}

describe(usualRate, () => {
  it('is nothing for a client without a past', () => {
    expect(usualRate([], NOW)).toBe(0);
  });

  it('is the average over the hours in which there was any use', () => {
    expect(usualRate([hour(0, 600)], NOW)).toBe(10);
    expect(usualRate([hour(0, 600), hour(1, 0), hour(2, 0)], NOW)).toBe(10);
    expect(usualRate([hour(5, 600), hour(5, 1_200)], NOW)).toBe(15);
  });

  it('counts what was two days ago half', () => {
    expect(usualRate([hour(0, 600), hour(48, 6_000)], NOW)).toBeCloseTo((10 + 100 / 2) / 1.5);
  });

  it('leaves out the hour that is not over', () => {
    expect(usualRate([{ startedAt: NOW - HOUR + 1, requests: 60_000 }, hour(1, 60)], NOW)).toBe(1);
  });
});
