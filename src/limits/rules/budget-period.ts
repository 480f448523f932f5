import type { BudgetRule } from './budget-rule.js';
import { dayNumberOf, startOfDay } from '../../common/time/local-day.js';

/** Milliseconds since the epoch; `start` belongs to the period, `end` to the next one. */
export interface PeriodBounds {
  readonly start: number;
  readonly end: number;
}

/** The last moment that a `Date` can name; a total never ends before. */
export const END_OF_TIME = 8.64e15;

const TOTAL: PeriodBounds = Object.freeze({ start: 0, end: END_OF_TIME });

/** Of the last periods that were asked for, by zone and kind: around midnight two take turns. */
const REMEMBERED = 2;
const remembered = new Map<string, readonly PeriodBounds[]>();

/**
 * The period of a budget that a moment (epoch milliseconds) belongs to. Days begin at local
 * midnight, or where a change of clocks leaves it out, at the first moment of the day; weeks begin
 * on Monday and months on the first. The periods of a budget follow each other without gap or
 * overlap, so each cost counts in exactly one.
 */
export function periodOf(
  { period, timeZone }: Pick<BudgetRule, 'period' | 'timeZone'>,
  at: number,
): PeriodBounds {
  if (period === 'total') return TOTAL;
  const key = `${period} ${timeZone}`;
  const known = remembered.get(key) ?? [];
  const hit = known.find(({ start, end }) => start <= at && at < end);
  if (hit !== undefined) return hit;
  const bounds = computeBounds(period, timeZone, at);
  remembered.set(key, [bounds, ...known].slice(0, REMEMBERED));
  return bounds;
}

type Recurring = Exclude<BudgetRule['period'], 'total'>;

function computeBounds(period: Recurring, timeZone: string, at: number): PeriodBounds {
  const boundaryAfter = (first: number) => startOfDay(timeZone, firstDayAfter(period, first));
  let first = firstDayOf(period, dayNumberOf(timeZone, at));
  let start = startOfDay(timeZone, first);
  // Clocks that were set back over midnight show a day twice; the boundary decides, not the date.
  while (start > at) {
    first = firstDayOf(period, first - 1);
    start = startOfDay(timeZone, first);
  }
  let end = boundaryAfter(first);
  while (end <= at) {
    first = firstDayAfter(period, first);
    start = end;
    end = boundaryAfter(first);
  }
  return Object.freeze({ start, end });
}

const MS_PER_DAY = 86_400_000;
/** 1970-01-05, day 4 since the epoch, was a Monday. */
const A_MONDAY = 4;

function firstDayOf(period: Recurring, day: number): number {
  if (period === 'day') return day;
  if (period === 'week') return day - ((((day - A_MONDAY) % 7) + 7) % 7);
  const date = new Date(day * MS_PER_DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / MS_PER_DAY;
}

function firstDayAfter(period: Recurring, first: number): number {
  if (period === 'day') return first + 1;
  if (period === 'week') return first + 7;
  const date = new Date(first * MS_PER_DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / MS_PER_DAY;
}
