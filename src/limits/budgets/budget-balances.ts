import type { BudgetRule } from '../rules/budget-rule.js';

/** Where a budget stands within the period of this moment. */
export interface BudgetBalance {
  /** What requests admitted in this period have cost. */
  readonly spentNanoUsd: number;
  /** What is set aside for requests in flight. */
  readonly reservedNanoUsd: number;
  /** When the period ends, in epoch milliseconds; null for a total. */
  readonly resetsAt: number | null;
}

/** Tells where budgets stand. To be injected as the class. */
export abstract class BudgetBalances {
  /** By the rules' ids, an entry for each. */
  abstract of(rules: readonly BudgetRule[]): Promise<ReadonlyMap<string, BudgetBalance>>;
}
