import { describe, expect, it } from 'vitest';
import { BUDGET_PERIODS, type BudgetPeriod } from './budget-rule.js';
import { END_OF_TIME, periodOf } from './budget-period.js';

const HOUR = 3_600_000;

const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

function boundsOf(period: BudgetPeriod, timeZone: string, at: string): [string, string] {
  const { start, end } = periodOf({ period, timeZone }, Date.parse(at));
  return [iso(start), iso(end)];
}

describe(periodOf, () => {
  it('begins and ends with whole minutes in every zone: costs are added to budgets by the minute', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(300);
    for (const timeZone of zones) {
      for (const period of BUDGET_PERIODS) {
        for (const at of ['2026-01-15T12:00Z', '2026-03-29T01:30Z', '2026-11-21T23:59Z']) {
          const { start, end } = periodOf({ period, timeZone }, Date.parse(at));
          expect([start % 60_000, end % 60_000], `${period} in ${timeZone}`).toEqual([0, 0]);
        }
      }
    }
  });

  it.each<[BudgetPeriod, string, string, string, string]>([
    ['day', 'UTC', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['day', 'UTC', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['week', 'UTC', '2026-11-21T12:00:00Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['week', 'UTC', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    ['month', 'UTC', '2028-02-29T12:00:00Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    // The end of a year: its last week is the first of the next one.
    ['day', 'UTC', '2026-12-31T23:00:00Z', '2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['week', 'UTC', '2026-12-31T23:00:00Z', '2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z'],
    ['month', 'UTC', '2026-12-31T23:00:00Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['month', 'Europe/Berlin', '2026-12-31T23:00Z', '2026-12-31T23:00:00Z', '2027-01-31T23:00:00Z'],
    // Before the epoch.
    ['week', 'UTC', '1969-12-31T12:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
    // Summer time: days of 23 and 25 hours, and what holds them.
    ['day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['week', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['month', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    [
      'day',
      'America/New_York',
      '2026-03-08T12:00Z',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ],
    [
      'day',
      'America/New_York',
      '2026-11-01T12:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    ],
    [
      'month',
      'America/New_York',
      '2026-11-01T04:00Z',
      '2026-11-01T04:00:00Z',
      '2026-12-01T05:00:00Z',
    ],
    // Offsets of quarters and halves of an hour.
    [
      'day',
      'Asia/Kathmandu',
      '2026-11-21T18:14:59Z',
      '2026-11-20T18:15:00Z',
      '2026-11-21T18:15:00Z',
    ],
    [
      'day',
      'Asia/Kathmandu',
      '2026-11-21T18:15:00Z',
      '2026-11-21T18:15:00Z',
      '2026-11-22T18:15:00Z',
    ],
    ['day', 'Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-21T18:30:00Z', '2026-11-22T18:30:00Z'],
    // Half an hour of summer time.
    [
      'day',
      'Australia/Lord_Howe',
      '2026-04-05T03:00Z',
      '2026-04-04T13:00:00Z',
      '2026-04-05T13:30:00Z',
    ],
    // The furthest ahead, and the day that Samoa left out.
    [
      'day',
      'Pacific/Kiritimati',
      '2026-11-21T10:00Z',
      '2026-11-21T10:00:00Z',
      '2026-11-22T10:00:00Z',
    ],
    ['day', 'Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'],
    ['day', 'Pacific/Apia', '2011-12-30T10:00Z', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
    ['month', 'Pacific/Apia', '2011-12-30T10:00Z', '2011-12-01T10:00:00Z', '2011-12-31T10:00:00Z'],
    // Clocks go forward at midnight: the day begins at one o'clock.
    ['day', 'Africa/Cairo', '2026-04-24T12:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    // Clocks go back at one o'clock to midnight: the day begins at the first of the two.
    ['day', 'America/Havana', '2026-11-01T12:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
  ])('%s in %s at %s', (period, timeZone, at, start, end) => {
    expect(boundsOf(period, timeZone, at)).toEqual([start, end]);
  });

  it('never ends a total', () => {
    const rule = { period: 'total', timeZone: 'Asia/Kathmandu' } as const;
    expect(periodOf(rule, Date.now())).toEqual({ start: 0, end: END_OF_TIME });
  });

  it('gives the same object for the whole period', () => {
    const rule = { period: 'day', timeZone: 'Europe/Berlin' } as const;
    const noon = Date.parse('2026-11-21T11:00:00Z');
    expect(periodOf(rule, noon + HOUR)).toBe(periodOf(rule, noon));
  });

  // St. John's set its clocks back at 00:01, so that a minute of the next day was shown early.
  it.each([
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Apia',
    'America/Sao_Paulo',
    'Asia/Beirut',
  ])('leaves no gap and no overlap in %s, whatever the order of questions', (timeZone) => {
    for (const period of BUDGET_PERIODS.filter((name) => name !== 'total')) {
      const rule = { period, timeZone };
      const from = Date.parse('2010-01-01T00:00:00Z');
      const to = Date.parse('2012-02-01T00:00:00Z');
      let { start, end } = periodOf(rule, from);
      while (end < to) {
        expect(end).toBeGreaterThan(start);
        const next = periodOf(rule, end);
        expect(next.start).toBe(end);
        expect(periodOf(rule, end - 1)).toEqual({ start, end });
        expect(periodOf(rule, next.end - 1)).toEqual(next);
        ({ start, end } = next);
      }
    }
  });
});
