import type { BudgetRule } from './budget-rule.js';
import type { LimitRule, OnLimit } from './limit-rule.js';

/** A limit with the id by which it is named in the API; stable over restarts. */
export interface IdentifiedLimit extends LimitRule {
  readonly id: string;
}

/** All rules of one moment. */
export interface RuleSet {
  readonly limits: readonly IdentifiedLimit[];
  readonly budgets: readonly BudgetRule[];
  /** By client id; clients whose requests do not wait are not in it. */
  readonly onLimit: ReadonlyMap<string, OnLimit>;
}

export const NO_RULES: RuleSet = { limits: [], budgets: [], onLimit: new Map() };
