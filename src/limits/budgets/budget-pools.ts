import { Injectable } from '@nestjs/common';
import { periodOf } from '../rules/budget-period.js';
import { LimitRules } from '../rules/limit-rules.js';
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
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly rules: LimitRules) {}

  get all(): BudgetPool[] {
    return [...this.#pools.values()].flatMap((periods) => [...periods.values()]);
  }

  /** Those that limit what a subject may spend at a moment; mostly none. */
  of(subject: BudgetSubject, at: number): readonly BudgetPool[] {
    const rules = this.rules.budgetsOf(subject.scope, subject.scopeId);
    if (rules.length === 0) return NO_POOLS;
    const name = nameOf(subject);
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined && at < remembered.until) return remembered.pools;
    const pools = new Set<BudgetPool>();
    for (const rule of rules) pools.add(this.#pool(subject, periodOf(rule, at)));
    for (const pool of pools) this.#readLimit(pool);
    const until = Math.min(...[...pools].map(({ period }) => period.end));
    this.#remembered.set(name, { pools: [...pools], until });
    return [...pools];
  }

  /** A cost was booked: the trigger of the database has moved it, whether or not money was held for it. */
  tell(subjects: readonly BudgetSubject[], at: number, costNanoUsd: number): BudgetPool[] {
    const told: BudgetPool[] = [];
    if (this.#pools.size === 0 || costNanoUsd === 0) return told;
    for (const subject of subjects) {
      for (const pool of this.#pools.get(nameOf(subject))?.values() ?? []) {
        if (at < pool.period.start || at >= pool.period.end) continue;
        pool.tell(costNanoUsd);
        told.push(pool);
      }
    }
    return told;
  }

  /** The rules are others now. */
  reread(): void {
    this.#remembered.clear();
    for (const pool of this.all) this.#readLimit(pool);
  }

  forget(pool: BudgetPool): void {
    const name = nameOf(pool.subject);
    const periods = this.#pools.get(name);
    periods?.delete(periodKey(pool.period));
    if (periods?.size === 0) this.#pools.delete(name);
    this.#remembered.delete(name);
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

const NO_POOLS: readonly BudgetPool[] = [];

function periodKey({ start, end }: { start: number; end: number }): string {
  return `${start}-${end}`;
}
