import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { expect } from 'vitest';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import type { DatabaseSettings } from '../../src/database/database-settings.js';
import type { MoneyAsk } from '../../src/limits/budgets/treasury.js';
import { budgetOf, BudgetProcess, SUBJECTS } from './budget-process.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

const LIMITS = [1000, 1300, 2000, 1700];
/** Long enough for the database to answer twice. */
const PATIENCE_MS = 25;

interface OpenHold {
  readonly process: number;
  amount: number;
}

const process = fc.integer({ min: 0, max: 1 });
const step = fc.oneof(
  fc.record({
    kind: fc.constant('hold' as const),
    process,
    amount: fc.integer({ min: 1, max: 300 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('extend' as const),
    index: fc.nat(),
    amount: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    index: fc.nat(),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('burst' as const),
    process,
    count: fc.integer({ min: 2, max: 12 }),
  }),
  fc.record({ kind: fc.constant('crash' as const), process }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Two processes with the same four budgets over one database, and what they have in flight. */
class BudgetTown {
  readonly open: OpenHold[] = [];
  readonly at = Date.now();
  spent = 0;

  private constructor(
    readonly database: TestDatabase,
    private readonly sources: DataSource[],
    readonly processes: BudgetProcess[],
  ) {}

  static readonly rules = SUBJECTS.map((subject, index) => budgetOf(subject, LIMITS[index] ?? 0));

  static async found(settings: Partial<DatabaseSettings>): Promise<BudgetTown> {
    const database = await openTestDatabase([], settings);
    const sources = [await writerOf(database), await writerOf(database)];
    const processes: BudgetProcess[] = [];
    for (const source of sources) {
      processes.push(await BudgetProcess.start(database, source, BudgetTown.rules));
    }
    return new BudgetTown(database, sources, processes);
  }

  async run(action: Step): Promise<void> {
    switch (action.kind) {
      case 'hold':
        await this.#hold(action.process, action.amount, Math.ceil(action.amount * action.part));
        return;
      case 'burst':
        await Promise.all(
          Array.from({ length: action.count }, (_, index) =>
            this.#hold(action.process, 40 + index, 20),
          ),
        );
        return;
      case 'extend': {
        const hold = this.open[action.index % Math.max(1, this.open.length)];
        if (hold !== undefined) await this.#hold(hold.process, action.amount, 1, hold);
        return;
      }
      case 'settle': {
        const [hold] = this.open.splice(action.index % Math.max(1, this.open.length), 1);
        if (hold !== undefined) await this.#settle(hold, Math.floor(hold.amount * action.part));
        return;
      }
      case 'crash':
        await this.#crash(action.process);
    }
  }

  async #hold(index: number, amount: number, minimum: number, running?: OpenHold): Promise<void> {
    const owner = this.#process(index);
    const gone = new AbortController();
    const ask: MoneyAsk = {
      pools: owner.poolsAt(this.at),
      size: () => ({ amount, minimum: Math.min(amount, minimum) }),
      held: (held) => {
        if (running === undefined) this.open.push({ process: index, amount: held });
        else running.amount += held;
      },
      isRunning: running !== undefined,
      signal: gone.signal,
    };
    const asked = owner.treasury.hold(ask)?.catch(() => undefined);
    await Promise.race([asked, pause(PATIENCE_MS)]);
    gone.abort();
    await asked;
  }

  async #settle(hold: OpenHold, cost: number): Promise<void> {
    const owner = this.#process(hold.process);
    await owner.book(this.at, cost, 'settled');
    this.spent += cost;
    for (const subject of SUBJECTS) owner.pools.tell(subject, this.at, cost);
    for (const pool of owner.poolsAt(this.at)) pool.release(hold.amount);
    owner.treasury.freed();
  }

  /** Killed, cleaned up after by the other, and started again. */
  async #crash(index: number): Promise<void> {
    const victim = this.#process(index);
    await victim.crash();
    for (const hold of this.open.filter((each) => each.process === index)) {
      this.open.splice(this.open.indexOf(hold), 1);
      await victim.book(this.at, hold.amount, 'interrupted');
      this.spent += hold.amount;
    }
    await this.#process(1 - index).lease.forget(victim.lease.id);
    await this.sources[index]?.destroy();
    const source = await writerOf(this.database);
    this.sources[index] = source;
    this.processes[index] = await BudgetProcess.start(this.database, source, BudgetTown.rules);
  }

  #process(index: number): BudgetProcess {
    return this.processes[index] as BudgetProcess;
  }

  /** What every budget has spent and granted to processes that live, in one snapshot. */
  async standing(): Promise<{ subject: string; spent: number; granted: number }[]> {
    const rows: { subject: string; spent: number | string; granted: number | string }[] =
      await this.database.reader.query(
        `SELECT subject, spent_nano_usd AS spent, COALESCE((SELECT SUM(granted_nano_usd)
         FROM budget_grants_now granted WHERE granted.subject = counter.subject
           AND process_id IN (SELECT id FROM processes)), 0) AS granted
       FROM budget_counters_now counter ORDER BY subject`,
      );
    return rows.map(({ subject, spent, granted }) => {
      return { subject, spent: Number(spent), granted: Number(granted) };
    });
  }

  async close(): Promise<void> {
    for (const each of this.processes) await each.stop();
    for (const source of this.sources) await source.destroy();
    await this.database.close();
  }
}

function writerOf({ settings }: TestDatabase): Promise<DataSource> {
  return new DataSource(dataSourceOptions(settings, 'writer')).initialize();
}

const LIMIT_OF: Record<string, number> = Object.fromEntries(
  SUBJECTS.map(({ scope, scopeId }, index) => [`${scope}:${scopeId}`, LIMITS[index] ?? 0]),
);

/**
 * Two processes over one database never grant or hold more than there is, whatever happens in
 * whatever order: requests that begin, go on, end and crash.
 * @param settings of a database that is empty, made anew for each run
 */
export async function expectBudgetsToHold(
  numRuns: number,
  settings: () => Promise<Partial<DatabaseSettings>>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const town = await BudgetTown.found(await settings());
      try {
        for (const each of steps) {
          await town.run(each);
          for (const { subject, spent, granted } of await town.standing()) {
            expect(spent).toBe(town.spent);
            expect(spent + granted).toBeLessThanOrEqual(LIMIT_OF[subject] as number);
          }
          const held = town.open.reduce((sum, { amount }) => sum + amount, 0);
          expect(town.spent + held).toBeLessThanOrEqual(Math.min(...LIMITS));
        }
      } finally {
        await town.close();
      }
    }),
    { numRuns, endOnFailure: true },
  );
}
