import { LimitRules } from '../../src/limits/rules/limit-rules.js';
import type { BudgetRule } from '../../src/limits/rules/budget-rule.js';
import type { TestApp } from './test-app.js';

/** Puts budgets in force in place of those before, without a file or a call of the API. */
export function setBudgets(
  app: TestApp,
  budgets: readonly (Pick<BudgetRule, 'scope' | 'scopeId' | 'limitNanoUsd'> &
    Partial<BudgetRule>)[],
): void {
  const rules = app.app.get(LimitRules);
  rules.replace({
    ...rules.all,
    budgets: budgets.map((budget, index) => ({
      id: `budget_${index}`,
      period: 'month',
      timeZone: 'UTC',
      alertPercents: [],
      source: 'config',
      ...budget,
    })),
  });
}
