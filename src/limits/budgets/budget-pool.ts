import type { PeriodBounds } from '../rules/budget-period.js';
import type { BudgetSubject } from './budget-subject.js';

/** What one transaction saw of a pool and did to it, all in nano-USD. */
export interface SyncedPool {
  /** Costs in the books. */
  readonly spent: number;
  /** This process's grant afterwards. */
  readonly granted: number;
  /** How much of that was added. */
  readonly added: number;
  /** Grants of the other living processes. */
  readonly others: number;
  /** This process had no grant: somebody took it for dead, or it never asked. */
  readonly wasAbsent: boolean;
}

/**
 * The money that this process may spend for one subject in one period, all in nano-USD. A grant is
 * taken in the database; requests hold parts of it in memory. The database moves the cost of an
 * entry from the grant to what is spent when the entry is committed, and this process learns of
 * that later, so at every moment
 *
 *   granted here ≤ grant in the database + costs committed but not yet told here,
 *
 * and each of those costs is still held. What is free here is therefore free there.
 */
export class BudgetPool {
  /** The smallest limit of all rules that share subject and period; Infinity when none is left. */
  limit = Infinity;
  /** Whether the database has been asked at all. */
  isSynced = false;
  /** `performance.now()` of the last answer of the database. */
  syncedAt = -Infinity;
  /** `performance.now()` of the last time that a request took money. */
  usedAt = -Infinity;
  #granted = 0;
  #held = 0;
  /** In the books when the database was last asked; it only grows but for corrections. */
  #spent = 0;
  #others = 0;
  /** Costs that this process was told of, ever. */
  #told = 0;
  #toldAtSync = 0;

  constructor(
    readonly subject: BudgetSubject,
    readonly period: PeriodBounds,
  ) {}

  get granted(): number {
    return this.#granted;
  }

  get held(): number {
    return this.#held;
  }

  get spent(): number {
    return this.#spent;
  }

  get others(): number {
    return this.#others;
  }

  get told(): number {
    return this.#told;
  }

  /** This process spent since the database was last asked. */
  get hasNews(): boolean {
    return this.#told !== this.#toldAtSync;
  }

  /** May be taken without asking anybody. */
  get free(): number {
    return this.#granted - this.#held;
  }

  /** What nobody has spent or set aside, as far as this process knows: a base of sizes, not of promises. */
  get left(): number {
    const spent = this.#spent + this.#told - this.#toldAtSync;
    return Math.max(0, this.limit - spent - this.#others - this.#held);
  }

  hold(amount: number): void {
    this.#held += amount;
    this.usedAt = performance.now();
  }

  release(amount: number): void {
    this.#held -= amount;
  }

  /** A cost that the database has moved from the grant to what is spent. */
  tell(cost: number): void {
    this.#granted -= cost;
    this.#told += cost;
  }

  /** Takes what is free out of reach before the database is told that it is given back. */
  withdrawFree(): number {
    const amount = Math.max(0, this.free);
    this.#granted -= amount;
    return amount;
  }

  /** @param told as it was when the transaction began */
  apply({ spent, granted, added, others, wasAbsent }: SyncedPool, told: number): void {
    // Costs told meanwhile may be in the row already: subtracted twice is on the safe side, and the
    // next answer of the database, which is never more than there is, makes it good.
    const known = granted - (this.#told - told);
    this.#granted = wasAbsent ? known : Math.max(this.#granted + added, known);
    this.#spent = spent;
    this.#others = others;
    this.#toldAtSync = this.#told;
    this.isSynced = true;
    this.syncedAt = performance.now();
  }
}
