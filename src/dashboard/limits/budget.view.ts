import { formatUsd } from '../../common/money/format-usd.js';
import { ApiError } from '../../common/errors/api-error.js';
import type { BudgetBalance } from '../../limits/budgets/budget-balances.js';
import type { BudgetPeriod, BudgetRule, BudgetScope } from '../../limits/rules/budget-rule.js';
import type { BudgetChange } from '../../limits/rules/budgets.service.js';
import type { RuleSource } from '../../limits/rules/limit-rule.js';
import { parseNanoUsd, parseUsd } from '../../limits/rules/parse-budget-amount.js';
import type { BudgetChangeBody } from './budget.dto.js';

/** A budget as the API shows it: money as whole nano-USD in text, and beside it as USD for display. */
export class BudgetView {
  id!: string;
  scope!: BudgetScope;
  scopeId!: string;
  limitNanoUsd!: string;
  limitUsd!: number;
  spentNanoUsd!: string;
  spentUsd!: number;
  reservedNanoUsd!: string;
  reservedUsd!: number;
  period!: BudgetPeriod;
  timeZone!: string;
  alerts!: number[];
  /** ISO 8601; null for a total. */
  resetsAt!: string | null;
  /** Those of `config` are changed in the configuration file only. */
  source!: RuleSource;
}

export class BudgetPage {
  items!: BudgetView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

export function budgetView(rule: BudgetRule, balance: BudgetBalance): BudgetView {
  const { id, scope, scopeId, period, timeZone, alertPercents, source } = rule;
  const { spentNanoUsd, reservedNanoUsd, resetsAt } = balance;
  return {
    id,
    scope,
    scopeId,
    limitNanoUsd: String(rule.limitNanoUsd),
    limitUsd: usd(rule.limitNanoUsd),
    spentNanoUsd: String(spentNanoUsd),
    spentUsd: usd(spentNanoUsd),
    reservedNanoUsd: String(reservedNanoUsd),
    reservedUsd: usd(reservedNanoUsd),
    period,
    timeZone,
    alerts: [...alertPercents],
    resetsAt: resetsAt === null ? null : new Date(resetsAt).toISOString(),
    source,
  };
}

/** Throws `invalid_value` with `param` for an amount that is none. */
export function budgetChangeOf(body: BudgetChangeBody): BudgetChange {
  return {
    limitNanoUsd: amountOf(body),
    period: body.period,
    timeZone: body.timeZone,
    alertPercents: body.alerts && [...new Set(body.alerts)].toSorted((one, other) => one - other),
  };
}

function amountOf({ limitUsd, limitNanoUsd }: BudgetChangeBody): number | undefined {
  if (limitUsd !== undefined && limitNanoUsd !== undefined) {
    throw new ApiError('invalid_value', 'Give limitUsd or limitNanoUsd, not both.', {
      param: 'limitNanoUsd',
    });
  }
  if (limitUsd !== undefined) return parseUsd(limitUsd, 'limitUsd');
  return limitNanoUsd === undefined ? undefined : parseNanoUsd(limitNanoUsd, 'limitNanoUsd');
}

function usd(nanoUsd: number): number {
  return Number(formatUsd(nanoUsd));
}
