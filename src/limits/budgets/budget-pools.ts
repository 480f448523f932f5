import { Injectable } from '@nestjs/common';
import { periodOf } from '../rules/budget-period.js';
import { LimitRules } from '../rules/limit-rules.js';
import type { RuleSet } from '../rules/rule-set.js';
import { BudgetPool } from './budget-pool.js';
import { nameOf, type BudgetSubject } from './budget-subject.js';

interface Remembered {
  readonly pools: readonly BudgetPool[];
  /** Epoch milliseconds; the end of the first period that ends. */
  readonly until: number;
}

/** Every pool that this process knows, by subject and period. */
@Injectable()
export class BudgetPools {
  readonly #pools = new Map<string, Map<string, BudgetPool>>();
  /** What a look at the rules said, until they change or a period ends. */
  #remembered = new WeakMap<BudgetSubject, Remembered>();
  /** Those that were looked at. */
  #rulesSeen: RuleSet | undefined;

  constructor(private readonly rules: LimitRules) {}

  get all(): BudgetPool[] {
    return [...this.#pools.values()].flatMap((periods) => [...periods.values()]);
  }

  /** Those that limit what a subject may spend at a moment; mostly none. */
  of(subject: BudgetSubject, at: number): readonly BudgetPool[] {
    if (this.#rulesSeen !== this.rules.all) this.#forgetRules();
    const remembered = this.#remembered.get(subject);
    if (remembered !== undefined && at < remembered.until) return remembered.pools;
    const found = this.#find(subject, at);
    this.#remembered.set(subject, found);
    return found.pools;
  }

  #find(subject: BudgetSubject, at: number): Remembered {
    const rules = this.rules.budgetsOf(subject.scope, subject.scopeId);
    if (rules.length === 0) return NOTHING_LIMITS;
    const pools = new Set<BudgetPool>();
    for (const rule of rules) pools.add(this.#pool(subject, periodOf(rule, at)));
    for (const pool of pools) this.#readLimit(pool);
    const until = Math.min(...[...pools].map(({ period }) => period.end));
    return { pools: [...pools], until };
  }

  #forgetRules(): void {
    this.#rulesSeen = this.rules.all;
    this.#remembered = new WeakMap();
  }

  /** A cost was booked: the trigger of the database has moved it, whether or not money was held for it. */
  tell(subject: BudgetSubject, at: number, costNanoUsd: number): void {
    if (this.#pools.size === 0 || costNanoUsd === 0) return;
    const periods = this.#pools.get(nameOf(subject));
    if (periods === undefined) return;
    for (const pool of periods.values()) {
      if (at >= pool.period.start && at < pool.period.end) pool.tell(costNanoUsd);
    }
  }

  /** The rules are others now. */
  reread(): void {
    this.#forgetRules();
    for (const pool of this.all) this.#readLimit(pool);
  }

  forget(pool: BudgetPool): void {
    const name = nameOf(pool.subject);
    const periods = this.#pools.get(name);
    periods?.delete(periodKey(pool.period));
    if (periods?.size === 0) this.#pools.delete(name);
    this.#forgetRules();
  }

  #pool(subject: BudgetSubject, period: { start: number; end: number }): BudgetPool {
    const name = nameOf(subject);
    let periods = this.#pools.get(name);
    if (periods === undefined) this.#pools.set(name, (periods = new Map<string, BudgetPool>()));
    const key = periodKey(period);
    let pool = periods.get(key);
    if (pool === undefined) periods.set(key, (pool = new BudgetPool(subject, period)));
    return pool;
  }

  #readLimit(pool: BudgetPool): void {
    const { scope, scopeId } = pool.subject;
    pool.limit = Infinity;
    for (const rule of this.rules.budgetsOf(scope, scopeId)) {
      const { start, end } = periodOf(rule, pool.period.start);
      if (start !== pool.period.start || end !== pool.period.end) continue;
      pool.limit = Math.min(pool.limit, rule.limitNanoUsd);
    }
  }
}

/** Until the rules change. */
const NOTHING_LIMITS: Remembered = { pools: [], until: Infinity };

function periodKey({ start, end }: { start: number; end: number }): string {
  return `${start}-${end}`;
}
