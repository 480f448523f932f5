import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { dialectOf } from '../../database/insert-rows.js';
import { ProcessLease } from '../../database/process-lease.js';
import { bookPending } from '../../usage/rollups/book-pending.js';
import { seedCounter, type CounterKey } from './budget-counters.js';
import type { SyncedPool } from './budget-pool.js';
import { nameOf } from './budget-subject.js';
import { parametersOf, type SqlParameters } from './sql-parameters.js';

/** What a request would like to hold, and with how little it can do; in nano-USD. */
export interface Need {
  readonly amount: number;
  readonly minimum: number;
}

/** What a process asks of one pool, in nano-USD. */
export interface GrantAsk extends CounterKey {
  readonly limit: number;
  /** What requests wait for, first come first; as many of the first are granted as there is money for. */
  readonly needs: readonly Need[];
  /** Wanted beyond that for requests to come. */
  readonly slack: number;
  /** Given back; only without needs. */
  readonly returned: number;
}

interface GrantRow {
  readonly process_id: string;
  readonly granted_nano_usd: number | string;
  readonly is_alive: number | boolean | null;
}

/**
 * The grants in the database. Whatever is granted there, spent and granted money together never
 * exceed the limit; only grants of processes that are registered count.
 */
@Injectable()
export class GrantLedger {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly lease: ProcessLease,
  ) {}

  /** Begins to count where nobody has yet. Rejects as `GroupCommitWriter.transaction`. */
  async seed(keys: readonly CounterKey[]): Promise<void> {
    await this.writer.transaction(async (manager) => {
      for (const key of keys) await seedCounter(manager, key);
    });
  }

  /** In one transaction, in the order of the asks. Rejects as `GroupCommitWriter.transaction`. */
  sync(asks: readonly GrantAsk[]): Promise<SyncedPool[]> {
    return this.writer.transaction(async (manager) => {
      await bookPending(manager);
      const synced = new Map<GrantAsk, SyncedPool>();
      // In one order everywhere, so that two processes never wait for each other in a circle.
      for (const ask of asks.toSorted(inLockOrder))
        synced.set(ask, await this.#grant(manager, ask));
      return asks.map((ask) => synced.get(ask) as SyncedPool);
    });
  }

  /** Gives back everything of this process. */
  async withdraw(): Promise<void> {
    await this.writer.transaction(async (manager) => {
      const parameters = parametersOf(manager);
      await manager.query(
        `DELETE FROM budget_grants WHERE process_id = ${parameters.of(this.lease.id)}`,
        parameters.values,
      );
    });
  }

  async #grant(manager: EntityManager, ask: GrantAsk): Promise<SyncedPool> {
    const spent = await readSpent(manager, ask);
    const rows = await readGrants(manager, ask);
    const own = rows.find(({ process_id: id }) => id === this.lease.id);
    let others = 0;
    for (const row of rows) if (row !== own && isAlive(row)) others += Number(row.granted_nano_usd);
    const before = Number(own?.granted_nano_usd ?? 0);
    await forgetDead(manager, ask, rows);
    // One that is taken for dead has nothing and is granted nothing until it is registered again.
    if (!(await this.#isRegistered(manager, own))) {
      return { spent, granted: 0, added: 0, others, wasAbsent: true };
    }
    const change =
      ask.returned > 0
        ? -Math.min(ask.returned, before)
        : grantOf(ask, ask.limit - spent - others - before);
    if (own === undefined || change !== 0) await this.#write(manager, ask, before + change);
    const added = Math.max(0, change);
    return { spent, granted: before + change, added, others, wasAbsent: own === undefined };
  }

  async #isRegistered(manager: EntityManager, own: GrantRow | undefined): Promise<boolean> {
    if (own !== undefined) return isAlive(own);
    const parameters = parametersOf(manager);
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM processes WHERE id = ${parameters.of(this.lease.id)}`,
      parameters.values,
    );
    return rows.length > 0;
  }

  async #write(manager: EntityManager, ask: GrantAsk, granted: number): Promise<void> {
    const parameters = parametersOf(manager);
    const values = [nameOf(ask.subject), ask.period.start, ask.period.end, this.lease.id, granted];
    await manager.query(
      `INSERT INTO budget_grants (subject, period_start, period_end, process_id, granted_nano_usd)
       VALUES (${values.map((value) => parameters.of(value)).join(', ')})
       ON CONFLICT (subject, period_start, period_end, process_id)
       DO UPDATE SET granted_nano_usd = excluded.granted_nano_usd`,
      parameters.values,
    );
  }
}

/** As many of the needs as fit, and the slack when all of them and it fit. */
function grantOf({ needs, slack }: GrantAsk, available: number): number {
  let granted = 0;
  for (const { amount, minimum } of needs) {
    if (granted + amount > available) return granted + minimum > available ? granted : available;
    granted += amount;
  }
  return granted + slack <= available ? granted + slack : granted;
}

function inLockOrder(one: CounterKey, other: CounterKey): number {
  const [first, second] = [nameOf(one.subject), nameOf(other.subject)];
  if (first !== second) return first < second ? -1 : 1;
  return one.period.start - other.period.start || one.period.end - other.period.end;
}

function concerned(parameters: SqlParameters, { subject, period }: CounterKey): string {
  return `subject = ${parameters.of(nameOf(subject))} AND period_start = ${parameters.of(period.start)}
    AND period_end = ${parameters.of(period.end)}`;
}

/** Locks the counter, and with it the right to change any grant of it. */
async function readSpent(manager: EntityManager, key: CounterKey): Promise<number> {
  const parameters = parametersOf(manager);
  const lock = dialectOf(manager) === 'postgres' ? ' FOR UPDATE' : '';
  const [row]: { spent_nano_usd: number | string }[] = await manager.query(
    `SELECT spent_nano_usd FROM budget_counters WHERE ${concerned(parameters, key)}${lock}`,
    parameters.values,
  );
  if (row === undefined) throw new Error('A budget was asked for money before it was counted.');
  return Number(row.spent_nano_usd);
}

async function readGrants(manager: EntityManager, key: CounterKey): Promise<GrantRow[]> {
  const parameters = parametersOf(manager);
  return manager.query(
    `SELECT process_id, granted_nano_usd,
       EXISTS (SELECT 1 FROM processes WHERE processes.id = budget_grants.process_id) AS is_alive
     FROM budget_grants WHERE ${concerned(parameters, key)}`,
    parameters.values,
  );
}

function isAlive({ is_alive: alive }: GrantRow): boolean {
  return alive === true || Number(alive) === 1;
}

async function forgetDead(
  manager: EntityManager,
  key: CounterKey,
  rows: readonly GrantRow[],
): Promise<void> {
  if (rows.every(isAlive)) return;
  const parameters = parametersOf(manager);
  await manager.query(
    `DELETE FROM budget_grants WHERE ${concerned(parameters, key)}
     AND NOT EXISTS (SELECT 1 FROM processes WHERE processes.id = budget_grants.process_id)`,
    parameters.values,
  );
}
