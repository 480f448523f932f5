import { describe, expect, it } from 'vitest';
import { rangeBefore, timeRangeOf } from './time-range';
import { timeRangeSearch } from './time-range-search';
import { instantOf, localTimeOf } from './zoned-time';

const NOW = Date.parse('2026-03-12T12:00:00Z');

describe('timeRangeOf', () => {
  it('ends a named range now', () => {
    expect(timeRangeOf({ range: '1h' }, NOW)).toEqual({
      from: '2026-03-12T11:00:00.000Z',
      to: '2026-03-12T12:00:00.000Z',
      name: '1h',
    });
  });

  it('keeps a range whose ends are given', () => {
    const range = timeRangeOf(
      { from: '2026-03-01T00:00:00+01:00', to: '2026-03-02T00:00:00+01:00' },
      NOW,
    );
    expect(range).toEqual({
      from: '2026-02-28T23:00:00.000Z',
      to: '2026-03-01T23:00:00.000Z',
      name: undefined,
    });
    expect(rangeBefore(range)).toEqual({ from: '2026-02-27T23:00:00.000Z', to: range.from });
  });

  it('takes the default for one that ends before it begins', () => {
    const search = { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    expect(timeRangeOf(search, NOW).name).toBe('24h');
  });
});

it('leaves out what cannot be read of an address', () => {
  expect(timeRangeSearch.parse({ range: 'ages', from: '<script>', to: 5 })).toEqual({});
});

describe('instantOf', () => {
  it.each([
    ['2026-03-12T14:05', 'Europe/Berlin', '2026-03-12T13:05:00.000Z'],
    ['2026-07-12T14:05', 'Europe/Berlin', '2026-07-12T12:05:00.000Z'],
    ['2026-03-12T00:00', 'Asia/Kathmandu', '2026-03-11T18:15:00.000Z'],
    // The night of the change, on both sides of the hour that is skipped.
    ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('reads %s in %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
    expect(localTimeOf(instant, zone)).toBe(local);
  });

  it('has nothing for what is no time', () => {
    expect(instantOf('', 'UTC')).toBeUndefined();
  });
});
