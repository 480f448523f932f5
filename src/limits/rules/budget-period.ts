import type { BudgetRule } from './budget-rule.js';

/** Epoch milliseconds; `end` is exclusive. */
export interface PeriodBounds {
  readonly start: number;
  readonly end: number;
}

/** The end of a period that does not end: the last moment that a date can name. */
export const END_OF_TIME = 8_640_000_000_000_000;

/** The period of a rule that contains a moment. */
export function periodOf(
  { period }: Pick<BudgetRule, 'period' | 'timeZone'>,
  at: number,
): PeriodBounds {
  if (period === 'total') return { start: 0, end: END_OF_TIME };
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === 'month') return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  const days = period === 'week' ? 7 : 1;
  const first = period === 'week' ? day - ((date.getUTCDay() + 6) % 7) : day;
  return { start: Date.UTC(year, month, first), end: Date.UTC(year, month, first + days) };
}
