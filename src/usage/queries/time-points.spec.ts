import { describe, expect, it } from 'vitest';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { chooseInterval, minutesOrHours, pointsOf } from './time-points.js';

const { day, hour, minute } = ROLLUP_WIDTHS;
const ALL = { entries: 0, minutes: 0 };
const iso = (time: number) => new Date(time).toISOString();

function daysOf(from: string, to: string, timeZone: string, horizons = ALL): string[] {
  const range = { from: Date.parse(from), to: Date.parse(to) };
  const fineness = minutesOrHours(horizons);
  const points = pointsOf(range, { interval: 'day', timeZone, fineness });
  expect(points.at(-1)?.to).toBe(range.to);
  return points.map((point) => iso(point.from));
}

describe(pointsOf, () => {
  it('cuts the first and the last off at the range', () => {
    const from = Date.parse('2026-03-01T10:20:00Z');
    const points = pointsOf(
      { from, to: from + 2 * hour },
      { interval: 'hour', timeZone: 'UTC', fineness: minutesOrHours(ALL) },
    );
    expect(points.map((point) => [iso(point.from), iso(point.to)])).toEqual([
      ['2026-03-01T10:20:00.000Z', '2026-03-01T11:00:00.000Z'],
      ['2026-03-01T11:00:00.000Z', '2026-03-01T12:00:00.000Z'],
      ['2026-03-01T12:00:00.000Z', '2026-03-01T12:20:00.000Z'],
    ]);
  });

  it('begins days where clocks do, also on the days on which they are changed', () => {
    expect(daysOf('2026-03-27T23:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('begins days at half hours as long as minutes are kept, and at whole ones before', () => {
    const horizons = { entries: 0, minutes: Date.parse('2026-03-03T00:00:00Z') };
    const from = '2026-03-01T18:30:00Z';
    expect(daysOf(from, '2026-03-05T00:00:00Z', 'Asia/Kolkata', horizons)).toEqual([
      '2026-03-01T18:30:00.000Z',
      '2026-03-02T18:00:00.000Z',
      '2026-03-03T18:30:00.000Z',
      '2026-03-04T18:30:00.000Z',
    ]);
  });
});

describe(chooseInterval, () => {
  it.each([
    [hour, 0, 'minute'],
    [hour, Infinity, 'hour'],
    [2 * day, 0, 'hour'],
    [30 * day, 0, 'day'],
  ] as const)('for %d ms, with minutes from %d on, is %s', (length, minutes, expected) => {
    const range = { from: 40 * day + minute, to: 40 * day + minute + length };
    expect(chooseInterval(range, { entries: 0, minutes })).toBe(expected);
  });
});
