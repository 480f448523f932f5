import { dayNumberOf, startOfDay } from '../../common/time/local-day.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { floorTo, type Horizons, type TimeRange } from './time-cover.js';

export const INTERVALS = ['minute', 'hour', 'day'] as const;
export type Interval = (typeof INTERVALS)[number];

const { day, hour, minute } = ROLLUP_WIDTHS;

/** More cannot be told apart in a chart. */
export const MOST_POINTS = 1000;
/** Of percentiles, behind each of which there are many counts. */
export const MOST_PERCENTILE_POINTS = 200;

/** The finest interval that a chart of the range shows well. */
export function chooseInterval({ from, to }: TimeRange, { minutes }: Horizons): Interval {
  if (to - from <= 3 * hour && from >= minutes) return 'minute';
  return to - from <= 4 * day ? 'hour' : 'day';
}

/** How many points there would be, at most. */
export function countPoints({ from, to }: TimeRange, interval: Interval): number {
  return Math.ceil((to - from) / ROLLUP_WIDTHS[interval]) + 1;
}

/**
 * The points of a chart, which together are the range: the first and the last may be cut off by it.
 * Days begin as clocks in `timeZone` show it, whole hours of UTC apart where only hours are left
 * to be added up.
 */
export function pointsOf(
  range: TimeRange,
  { interval, timeZone, fineness }: { interval: Interval; timeZone: string; fineness: Fineness },
): TimeRange[] {
  const starts = interval === 'day' ? daysOf(range, timeZone, fineness) : stepsOf(range, interval);
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? range.to }));
}

/** In milliseconds: the width of roll-ups that there are at a time. */
export type Fineness = (time: number) => number;

/** Minutes where they are kept, and hours before. */
export function minutesOrHours({ minutes }: Horizons): Fineness {
  return (time) => (time >= minutes ? minute : hour);
}

function stepsOf({ from, to }: TimeRange, interval: 'minute' | 'hour'): number[] {
  const width = ROLLUP_WIDTHS[interval];
  const starts = [from];
  for (let next = floorTo(from, width) + width; next < to; next += width) starts.push(next);
  return starts;
}

function daysOf({ from, to }: TimeRange, timeZone: string, fineness: Fineness): number[] {
  const starts = [from];
  for (let number = dayNumberOf(timeZone, from) + 1; ; number += 1) {
    const exact = startOfDay(timeZone, number);
    if (exact >= to) return starts;
    const start = floorTo(exact, fineness(exact));
    if (start > from) starts.push(start);
  }
}
