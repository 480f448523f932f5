import { formatUsd } from '../../common/money/format-usd.js';
import type { BudgetBalance } from '../../limits/budgets/budget-balances.js';
import type { BudgetPeriod, BudgetRule, BudgetScope } from '../../limits/rules/budget-rule.js';
import type { RuleSource } from '../../limits/rules/limit-rule.js';

/** A budget as the API shows it: money as whole nano-USD in text, and beside it as USD for display. */
export class BudgetView {
  id!: string;
  scope!: BudgetScope;
  /** Client id, key id or instance name; empty for `global`. */
  scopeId!: string;
  /** Whole nano-USD as text. */
  limitNanoUsd!: string;
  limitUsd!: number;
  /** Whole nano-USD as text, within the current period. */
  spentNanoUsd!: string;
  spentUsd!: number;
  /** Whole nano-USD as text, held for requests that are not settled yet. */
  reservedNanoUsd!: string;
  reservedUsd!: number;
  period!: BudgetPeriod;
  /** IANA name of the zone that periods begin in. */
  timeZone!: string;
  /** Percentages of the limit whose reaching is told. */
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

function usd(nanoUsd: number): number {
  return Number(formatUsd(nanoUsd));
}
