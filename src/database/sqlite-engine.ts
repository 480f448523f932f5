import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { LRUCache } from 'lru-cache';

import type { SqliteExecutor, SqliteOpening, SqliteOutcome, SqliteTask } from './sqlite-task.js';
import type { SqlValue, Statement } from './statement-target.js';

const KEPT_STATEMENTS = 200;

/** Worth keeping compiled; the rest is rare, and may change what the kept ones are about. */
const KEPT = /^(?:SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b/;

/** Statements that may be run a second time, because they change nothing. */
const READING = /^\s*(?:SELECT|PRAGMA|EXPLAIN)\b/i;

/**
 * One connection of `node:sqlite`, opened with its first task; what it does, it does before it
 * returns. It is also loaded by the thread beside it, where the sources run as they are: of this
 * project it may import types only.
 */
export class SqliteEngine implements SqliteExecutor {
  readonly #opening: SqliteOpening;
  readonly #kept = new LRUCache<string, StatementSync>({ max: KEPT_STATEMENTS });
  #database: DatabaseSync | undefined;
  #closed = false;
  /** A batch could not be rolled back. */
  #unclean = false;

  constructor(opening: SqliteOpening) {
    this.#opening = opening;
  }

  execute(task: SqliteTask): SqliteOutcome {
    const database = (this.#database ??= this.#open());
    if (this.#unclean) this.#rollback(database);
    return this.#perform(database, task);
  }

  get inTransaction(): boolean {
    return this.#database?.isTransaction ?? false;
  }

  close(): void {
    this.#closed = true;
    this.#kept.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): DatabaseSync {
    if (this.#closed) {
      throw Object.assign(new Error('the connection is closed'), { code: 'ERR_INVALID_STATE' });
    }
    const { file, pragmas, busyTimeoutMs } = this.#opening;
    const url = pathToFileURL(file);
    // A missing or emptied file must never turn into a new database.
    url.searchParams.set('mode', 'rw');
    const database = new DatabaseSync(url, { timeout: busyTimeoutMs });
    try {
      database.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(''));
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  }

  #perform(database: DatabaseSync, task: SqliteTask): SqliteOutcome {
    switch (task.do) {
      case 'open':
        return {};
      case 'run': {
        const { lastInsertRowid, changes } = this.#statement(database, task.sql).run(
          ...task.parameters.map(bound),
        );
        return { lastID: Number(lastInsertRowid), changes: Number(changes) };
      }
      case 'all':
        return { rows: this.#read(database, task.sql, task.parameters.map(bound)) };
      case 'batch':
        this.#batch(database, task.statements);
        return {};
    }
  }

  #statement(database: DatabaseSync, sql: string): StatementSync {
    const kept = this.#kept.get(sql);
    if (kept !== undefined) return kept;
    const statement = database.prepare(sql);
    if (KEPT.test(sql)) this.#kept.set(sql, statement);
    // Before Node 24 a kept SELECT * has the columns of the schema that it was compiled for.
    else this.#kept.clear();
    return statement;
  }

  /** Integers come as numbers, those beyond 2^53 rounded; SQL casts to text what has to be exact. */
  #read(database: DatabaseSync, sql: string, parameters: SqlValue[]): Record<string, unknown>[] {
    const statement = this.#statement(database, sql);
    if (READING.test(sql)) {
      try {
        return statement.all(...parameters).map((row) => ({ ...row }));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error;
      }
    }
    statement.setReadBigInts(true);
    try {
      return statement.all(...parameters).map(rounded);
    } finally {
      statement.setReadBigInts(false);
    }
  }

  #batch(database: DatabaseSync, statements: readonly Statement[]): void {
    const [only] = statements;
    // One row is a transaction by itself.
    if (statements.length === 1 && only?.rows.length === 1) {
      this.#statement(database, only.sql).run(...(only.rows[0] ?? []));
      return;
    }
    this.#statement(database, 'BEGIN IMMEDIATE').run();
    try {
      for (const { sql, rows } of statements) {
        const statement = this.#statement(database, sql);
        for (const row of rows) statement.run(...row);
      }
      this.#statement(database, 'COMMIT').run();
    } catch (error) {
      this.#unclean = true;
      this.#rollback(database);
      throw error;
    }
  }

  #rollback(database: DatabaseSync): void {
    // Some failures, such as a full disk, end the transaction themselves.
    if (database.isTransaction) database.exec('ROLLBACK');
    this.#unclean = false;
  }
}

/** Whole numbers are bound as integers; by itself a number of JavaScript is a float to SQLite. */
function bound(value: unknown): SqlValue {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
    case 'bigint':
      return value;
    case 'undefined':
      return null;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) return BigInt(value.getTime());
      throw Object.assign(new TypeError(`a ${typeof value} cannot be a parameter`), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
  }
}

function rounded(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  );
}
