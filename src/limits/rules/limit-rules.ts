import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { BudgetRule, BudgetScope } from './budget-rule.js';
import type { LimitRule, LimitScope, OnLimit } from './limit-rule.js';

const NO_LIMITS: readonly LimitRule[] = [];
const NO_BUDGETS: readonly BudgetRule[] = [];

/** The rules in force, from the configuration file and the database; looked up without waiting. */
@Injectable()
export class LimitRules {
  readonly #changes = new Subject<void>();
  readonly #limits = new Map<string, readonly LimitRule[]>();
  readonly #budgets = new Map<string, readonly BudgetRule[]>();
  readonly #onLimit = new Map<string, OnLimit>();

  /** Emits after the rules changed. */
  get changes(): Observable<void> {
    return this.#changes.asObservable();
  }

  /** All rules of one subject, whatever their endpoint. */
  limitsOf(scope: LimitScope, scopeId: string): readonly LimitRule[] {
    return this.#limits.get(`${scope}:${scopeId}`) ?? NO_LIMITS;
  }

  budgetsOf(scope: BudgetScope, scopeId: string): readonly BudgetRule[] {
    return this.#budgets.get(`${scope}:${scopeId}`) ?? NO_BUDGETS;
  }

  onLimitOf(clientId: string): OnLimit | undefined {
    return this.#onLimit.get(clientId);
  }
}
