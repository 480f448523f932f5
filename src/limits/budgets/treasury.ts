import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Subject, type Observable, type Subscription } from 'rxjs';
import type { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { ProcessLease } from '../../database/process-lease.js';
import { LimitRules } from '../rules/limit-rules.js';
import { budgetHeld, budgetSpent, grantsUnavailable, tooManyWaiting } from './budget-errors.js';
import type { BudgetPool } from './budget-pool.js';
import { BudgetPools } from './budget-pools.js';
import { GrantLedger, type GrantAsk, type Need } from './grant-ledger.js';

/** A request that wants to hold money in several pools at once. */
export interface MoneyAsk {
  readonly pools: readonly BudgetPool[];
  /**
   * How much, when so much is left in the scarcest of its pools; undefined while the request has to
   * wait for something else than money.
   */
  size(leftNanoUsd: number): Need | undefined;
  /** The money is held from now on. */
  held(amount: number): void;
  /** A running answer: goes before those that have not begun, and ends rather than waits. */
  readonly isRunning: boolean;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly ask: MoneyAsk;
  readonly deadline: number;
  /** The database was asked after it came. */
  isJudged: boolean;
  readonly end: (error?: ApiError) => void;
}

const MAX_WAITING = 2_000;
/** Money of other processes comes back without a word. */
const RESYNC_MS = 250;
/** What is spent is not asked for anew within this time: it only grows. */
const KNOWN_SPENT_MS = 1_000;
const IDLE_MS = 400;
/** A grant ahead of need saves transactions, and keeps money from other processes. */
const NEEDS_AHEAD = 64;
const SHARE_AHEAD = 8;

/**
 * Holds money for requests: at once where this process has some to spare, else after the database
 * was asked, else when others give theirs back. First come, first served within a pool.
 */
@Injectable()
export class Treasury implements OnModuleInit, OnModuleDestroy {
  readonly #running = new Set<Waiter>();
  readonly #waiting = new Set<Waiter>();
  readonly #synced = new Subject<readonly BudgetPool[]>();
  readonly #waitMs: number;
  #syncing: Promise<void> | undefined;
  #syncWanted = false;
  #pumpScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #rules: Subscription | undefined;
  #isClosed = false;

  constructor(
    private readonly pools: BudgetPools,
    private readonly grants: GrantLedger,
    private readonly lease: ProcessLease,
    private readonly rules: LimitRules,
    configuration: Configuration,
  ) {
    this.#waitMs = configuration.environment.budgetWaitMs;
  }

  onModuleInit(): void {
    this.#rules = this.rules.changes.subscribe(() => {
      this.pools.reread();
      this.#wake();
    });
    this.#timer = setInterval(() => this.#tick(), RESYNC_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#rules?.unsubscribe();
    await this.#syncing;
    // The grants of a process that is gone count no more in any case.
    if (this.pools.all.length > 0) await this.grants.withdraw().catch(() => undefined);
  }

  /** Emits the pools of which the database was asked. */
  get synced(): Observable<readonly BudgetPool[]> {
    return this.#synced.asObservable();
  }

  /** Requests that wait for money. */
  get queueDepth(): number {
    return this.#running.size + this.#waiting.size;
  }

  /**
   * Resolves when the money is held, or says at once that it is.
   * @throws ApiError `insufficient_quota`, `rate_limit_exceeded`, `ledger_unavailable`
   */
  hold(ask: MoneyAsk): Promise<void> | undefined {
    if (!this.#isAhead(ask) && this.lease.isFresh && this.#take(ask, false)) return undefined;
    const spent = this.#knownToBeSpent(ask);
    if (spent !== undefined) return Promise.reject(budgetSpent(spent));
    if (this.queueDepth >= MAX_WAITING) return Promise.reject(tooManyWaiting());
    return this.#wait(ask);
  }

  /** Holds more for a running answer, if that can be done without asking anybody. */
  extendNow(ask: MoneyAsk): boolean {
    return this.#running.size === 0 && this.lease.isFresh && this.#take(ask, false);
  }

  /** Money was set free. */
  freed(): void {
    if (this.queueDepth > 0) this.#wake();
  }

  /** Whether somebody who came before waits for money of the same pools. */
  #isAhead({ pools, isRunning }: MoneyAsk): boolean {
    const waiters = isRunning ? this.#running : this.#waiting;
    if (waiters.size === 0) return false;
    for (const waiter of waiters) {
      if (waiter.ask.pools.some((pool) => pools.includes(pool))) return true;
    }
    return false;
  }

  /** All or nothing. @param isJudged settles for less than it would like */
  #take(ask: MoneyAsk, isJudged: boolean): boolean {
    const { pools } = ask;
    if (!pools.every(({ isSynced }) => isSynced)) return false;
    const need = ask.size(leftOf(pools));
    if (need === undefined) return false;
    const free = freeOf(pools);
    if (need.amount > 0 && free < (isJudged ? need.minimum : need.amount)) return false;
    const amount = Math.min(need.amount, Math.max(0, free));
    for (const pool of pools) pool.hold(amount);
    ask.held(amount);
    return true;
  }

  #knownToBeSpent(ask: MoneyAsk): BudgetPool | undefined {
    const { pools } = ask;
    const now = performance.now();
    if (!pools.every(({ syncedAt }) => now - syncedAt < KNOWN_SPENT_MS)) return undefined;
    return findSpent(pools, ask.size(leftOf(pools)));
  }

  #wait(ask: MoneyAsk): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = ask.isRunning ? this.#running : this.#waiting;
      const leave = (): void => waiter.end(budgetHeld(ask.pools[0] as BudgetPool));
      const waiter: Waiter = {
        ask,
        deadline: performance.now() + this.#waitMs,
        isJudged: false,
        end: (error) => {
          waiters.delete(waiter);
          ask.signal.removeEventListener('abort', leave);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      waiters.add(waiter);
      ask.signal.addEventListener('abort', leave, { once: true });
      if (ask.signal.aborted) leave();
      else this.#sync();
    });
  }

  /** Once per turn of the event loop, however much came back in it. */
  #wake(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#serve();
      if (this.queueDepth > 0) this.#sync();
    });
  }

  /** Everyone for whom there is money, in the order in which they came. */
  #serve(): void {
    if (!this.lease.isFresh) return;
    const short = new Set<BudgetPool>();
    for (const waiter of [...this.#running, ...this.#waiting]) {
      const { ask, isJudged } = waiter;
      if (ask.pools.some((pool) => short.has(pool))) continue;
      if (this.#take(ask, isJudged)) {
        waiter.end();
        continue;
      }
      const need = ask.size(leftOf(ask.pools));
      if (need === undefined) continue;
      for (const pool of ask.pools) if (pool.free < need.minimum) short.add(pool);
    }
  }

  /** Says no to those for whom the database has none, now that it was asked. */
  #refuse(): void {
    for (const waiter of [...this.#running, ...this.#waiting]) {
      const { ask, isJudged } = waiter;
      if (!isJudged) continue;
      const spent = findSpent(ask.pools, ask.size(leftOf(ask.pools)));
      if (spent !== undefined) waiter.end(budgetSpent(spent));
      else if (ask.isRunning) waiter.end(budgetSpent(scarcest(ask.pools)));
    }
  }

  #tick(): void {
    const now = performance.now();
    for (const waiter of this.#waiting) {
      if (now >= waiter.deadline) waiter.end(budgetHeld(scarcest(waiter.ask.pools)));
    }
    if (this.queueDepth > 0 || this.#quietPools(now).length > 0) this.#sync();
  }

  /** Those that nobody waits for, and whose figures or free money others wait for. */
  #quietPools(now: number): BudgetPool[] {
    return this.pools.all.filter(
      (pool) =>
        pool.isSynced &&
        (isIdle(pool, now) || (pool.hasNews && now - pool.syncedAt >= KNOWN_SPENT_MS)),
    );
  }

  #sync(): void {
    if (this.#isClosed) return;
    this.#syncWanted = true;
    this.#syncing ??= this.#syncAll().finally(() => {
      this.#syncing = undefined;
      if (this.#syncWanted) this.#sync();
    });
  }

  async #syncAll(): Promise<void> {
    while (this.#syncWanted && !this.#isClosed) {
      this.#syncWanted = false;
      const waiters = [...this.#running, ...this.#waiting];
      try {
        await this.#syncOnce(waiters);
      } catch (error) {
        for (const { end } of waiters) end(grantsUnavailable(error));
      }
    }
  }

  async #syncOnce(waiters: readonly Waiter[]): Promise<void> {
    const concerned = new Set(waiters.flatMap(({ ask }) => ask.pools));
    const fresh = [...concerned].filter(({ isSynced }) => !isSynced);
    if (fresh.length > 0) await this.grants.seed(fresh);
    const asks = [...concerned].map((pool) => this.#askFor(pool, waiters));
    const now = performance.now();
    for (const pool of this.#quietPools(now)) {
      if (!concerned.has(pool)) asks.push(returnOf(pool, now));
    }
    if (asks.length === 0) return;
    const told = asks.map(({ pool }) => pool.told);
    const synced = await this.grants.sync(asks);
    asks.forEach(({ pool }, index) => {
      const answer = synced[index];
      const before = told[index];
      if (answer !== undefined && before !== undefined) pool.apply(answer, before);
      if (isOver(pool) && !concerned.has(pool)) this.pools.forget(pool);
    });
    this.#synced.next(asks.map(({ pool }) => pool));
    for (const waiter of waiters) {
      // What was not known when the database was asked is asked now.
      waiter.isJudged = waiter.ask.pools.every((pool) => !fresh.includes(pool));
      if (!waiter.isJudged) this.#syncWanted = true;
    }
    this.#serve();
    this.#refuse();
  }

  #askFor(pool: BudgetPool, waiters: readonly Waiter[]): GrantAsk & { pool: BudgetPool } {
    const needs: Need[] = [];
    const { subject, period, limit } = pool;
    let { left, free } = pool;
    let largest = 0;
    for (const { ask } of waiters) {
      if (!pool.isSynced || !ask.pools.includes(pool)) continue;
      const need = ask.size(Math.min(left, leftOf(ask.pools)));
      if (need === undefined) continue;
      largest = Math.max(largest, need.amount);
      left = Math.max(0, left - need.amount);
      const { amount, minimum } = need;
      needs.push({ amount: Math.max(0, amount - free), minimum: Math.max(0, minimum - free) });
      free = Math.max(0, free - amount);
    }
    const ahead = Math.min(largest * NEEDS_AHEAD, Math.floor(left / SHARE_AHEAD));
    const slack = ahead < largest ? 0 : ahead;
    return { pool, subject, period, limit, needs, slack, returned: 0 };
  }
}

/** What is free and not used is given back. */
function returnOf(pool: BudgetPool, now: number): GrantAsk & { pool: BudgetPool } {
  const { subject, period, limit } = pool;
  const returned = isIdle(pool, now) ? pool.withdrawFree() : 0;
  return { pool, subject, period, limit, needs: [], slack: 0, returned };
}

function isIdle(pool: BudgetPool, now: number): boolean {
  return now - pool.usedAt >= IDLE_MS && (pool.free > 0 || isOver(pool));
}

/** Nobody can take anything from it any more. */
function isOver({ period, held, limit }: BudgetPool): boolean {
  return held === 0 && (period.end <= Date.now() || limit === Infinity);
}

function leftOf(pools: readonly BudgetPool[]): number {
  let least = Infinity;
  for (const { left } of pools) if (left < least) least = left;
  return least;
}

function freeOf(pools: readonly BudgetPool[]): number {
  let least = Infinity;
  for (const { free } of pools) if (free < least) least = free;
  return least;
}

function findSpent(pools: readonly BudgetPool[], need: Need | undefined): BudgetPool | undefined {
  if (need === undefined || need.minimum === 0) return undefined;
  return pools.find(({ spent, limit }) => spent + need.minimum > limit);
}

function scarcest(pools: readonly BudgetPool[]): BudgetPool {
  return pools.reduce((one, other) => (other.left < one.left ? other : one));
}
