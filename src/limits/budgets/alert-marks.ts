import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/insert-rows.js';
import type { PeriodBounds } from '../rules/budget-period.js';
import type { BudgetRule } from '../rules/budget-rule.js';
import { parametersOf, type SqlParameters } from './sql-parameters.js';

export interface AlertMark {
  readonly rule: Pick<BudgetRule, 'id' | 'limitNanoUsd'>;
  readonly period: PeriodBounds;
  readonly percent: number;
}

/**
 * What the mark of a rule is called among the counters, where no cost ever counts in it. A rule of
 * another amount has other thresholds, so it begins anew.
 */
export function markName({ id, limitNanoUsd }: AlertMark['rule']): string {
  return `alert:${id}:${limitNanoUsd}`;
}

/** Whether this process is the first to say that a share of the budget was reached. */
export async function markAlerted(
  manager: EntityManager,
  { rule, period, percent }: AlertMark,
): Promise<boolean> {
  const key = [markName(rule), period.start, period.end];
  const concerned = (parameters: SqlParameters): string =>
    `subject = ${parameters.of(key[0])} AND period_start = ${parameters.of(key[1])}
     AND period_end = ${parameters.of(key[2])}`;
  const begun = parametersOf(manager);
  await manager.query(
    `INSERT INTO budget_counters (subject, period_start, period_end, spent_nano_usd, alerted_percent)
     VALUES (${[...key, 0, 0].map((value) => begun.of(value)).join(', ')}) ON CONFLICT DO NOTHING`,
    begun.values,
  );
  const found = parametersOf(manager);
  const lock = dialectOf(manager) === 'postgres' ? ' FOR UPDATE' : '';
  const [row]: { alerted_percent: number | string }[] = await manager.query(
    `SELECT alerted_percent FROM budget_counters WHERE ${concerned(found)}${lock}`,
    found.values,
  );
  if (Number(row?.alerted_percent) >= percent) return false;
  const marked = parametersOf(manager);
  await manager.query(
    `UPDATE budget_counters SET alerted_percent = ${marked.of(percent)} WHERE ${concerned(marked)}`,
    marked.values,
  );
  return true;
}
