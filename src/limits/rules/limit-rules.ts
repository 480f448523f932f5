import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { BudgetRule, BudgetScope } from './budget-rule.js';
import type { LimitRule, LimitScope, OnLimit } from './limit-rule.js';
import { NO_RULES, type RuleSet } from './rule-set.js';

const NO_LIMITS: readonly LimitRule[] = [];
const NO_BUDGETS: readonly BudgetRule[] = [];

/** The rules in force, from the configuration file and the database; looked up without waiting. */
@Injectable()
export class LimitRules {
  readonly #changes = new Subject<void>();
  #rules = NO_RULES;
  #limits: ReadonlyMap<string, readonly LimitRule[]> = new Map();
  #budgets: ReadonlyMap<string, readonly BudgetRule[]> = new Map();

  /** Emits after the rules changed. */
  get changes(): Observable<void> {
    return this.#changes.asObservable();
  }

  /** Every rule there is, for whoever keeps something per rule. */
  get all(): RuleSet {
    return this.#rules;
  }

  /** All rules of one subject, whatever their endpoint. */
  limitsOf(scope: LimitScope, scopeId: string): readonly LimitRule[] {
    return this.#limits.get(`${scope}:${scopeId}`) ?? NO_LIMITS;
  }

  budgetsOf(scope: BudgetScope, scopeId: string): readonly BudgetRule[] {
    return this.#budgets.get(`${scope}:${scopeId}`) ?? NO_BUDGETS;
  }

  onLimitOf(clientId: string): OnLimit | undefined {
    return this.#rules.onLimit.get(clientId);
  }

  /** Puts other rules in force, whole. */
  replace(rules: RuleSet): void {
    this.#rules = rules;
    this.#limits = bySubject(rules.limits);
    this.#budgets = bySubject(rules.budgets);
    this.#changes.next();
  }
}

function bySubject<Rule extends { readonly scope: string; readonly scopeId: string }>(
  rules: readonly Rule[],
): ReadonlyMap<string, readonly Rule[]> {
  return Map.groupBy(rules, ({ scope, scopeId }) => `${scope}:${scopeId}`);
}
