import type { BudgetRule } from './budget-rule.js';

/** Epoch milliseconds; `end` is exclusive. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** The end of a period that does not end: the last moment that a date can name. */
export const NEVER = 8_640_000_000_000_000;

/** The period of a rule that contains a moment. */
export function periodOf({ period }: Pick<BudgetRule, 'period' | 'timeZone'>, at: number): Period {
  if (period === 'total') return { start: 0, end: NEVER };
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === 'month') return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  const days = period === 'week' ? 7 : 1;
  const first = period === 'week' ? day - ((date.getUTCDay() + 6) % 7) : day;
  return { start: Date.UTC(year, month, first), end: Date.UTC(year, month, first + days) };
}
