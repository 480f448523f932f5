import { BudgetPools } from '../../src/limits/budgets/budget-pools.js';
import { LimitRules } from '../../src/limits/rules/limit-rules.js';
import type { BudgetRule } from '../../src/limits/rules/budget-rule.js';
import type { TestApp } from './test-app.js';

/** Stands in for rules of the configuration file. */
export function setBudgets(
  app: TestApp,
  budgets: readonly (Pick<BudgetRule, 'scope' | 'scopeId' | 'limitNanoUsd'> &
    Partial<BudgetRule>)[],
): void {
  const rules = app.app.get(LimitRules);
  const all = budgets.map((budget, index) => ({
    id: `budget_${index}`,
    period: 'month' as const,
    timeZone: 'UTC',
    alertPercents: [],
    source: 'config' as const,
    ...budget,
  }));
  rules.budgetsOf = (scope, scopeId) =>
    all.filter((rule) => rule.scope === scope && rule.scopeId === scopeId);
  app.app.get(BudgetPools).reread();
}
