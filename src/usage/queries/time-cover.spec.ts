import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { cover, coverable } from './time-cover.js';

const { day, hour, minute } = ROLLUP_WIDTHS;
const START = Date.UTC(2026, 2, 1);
const ALL = { entries: 0, minutes: 0 };

const time = fc.integer({ min: START, max: START + 20 * day });
const horizon = fc.integer({ min: 0, max: 20 }).map((days) => START + days * day);

describe(cover, () => {
  it('takes days in the middle, and the finer the nearer to an end', () => {
    const from = START + 23 * hour + 59 * minute + 30_000;
    const to = START + 2 * day + hour + minute + 1;
    expect(cover({ from, to }, ALL)).toEqual([
      { width: 0, from, to: START + day },
      { width: day, from: START + day, to: START + 2 * day },
      { width: hour, from: START + 2 * day, to: START + 2 * day + hour },
      { width: minute, from: START + 2 * day + hour, to: to - 1 },
      { width: 0, from: to - 1, to },
    ]);
  });

  it('has every millisecond once, whatever is left in the books', () => {
    fc.assert(
      fc.property(time, time, horizon, horizon, (one, other, entries, minutes) => {
        const horizons = { entries, minutes };
        const range = coverable({ from: Math.min(one, other), to: Math.max(one, other) }, horizons);
        let end = range.from;
        for (const { width, from, to } of cover(range, horizons)) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThan(from);
          if (width > 0) expect([from % width, to % width]).toEqual([0, 0]);
          if (width === minute) expect(from).toBeGreaterThanOrEqual(minutes);
          // Entries stand in for minutes, and are there.
          if (width === 0) expect(from).toBeGreaterThanOrEqual(entries);
          if (width === 0) expect(to - from).toBeLessThan(hour);
          end = to;
        }
        expect(end).toBe(range.to);
      }),
    );
  });

  it('is nothing for an empty range', () => {
    expect(cover({ from: START, to: START }, ALL)).toEqual([]);
  });
});

describe(coverable, () => {
  it('goes out to whole hours where only those are left, to whole minutes where only entries are gone', () => {
    const range = { from: START + 90_500, to: START + 5 * minute + 1 };
    expect(coverable(range, ALL)).toEqual(range);
    expect(coverable(range, { entries: START + day, minutes: 0 })).toEqual({
      from: START + minute,
      to: START + 6 * minute,
    });
    expect(coverable(range, { entries: START + day, minutes: START + day })).toEqual({
      from: START,
      to: START + hour,
    });
  });
});
