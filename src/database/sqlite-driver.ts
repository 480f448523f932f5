import { LRUCache } from 'lru-cache';
import sqlite3 from 'sqlite3';

type Callback = (this: unknown, error: Error | null, rows?: unknown[]) => void;

/** Statements worth keeping compiled; DDL, PRAGMA and the rest are rare. */
const REUSABLE = /^(?:SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b/;

/** A kept statement holds its last parameters; larger ones are not worth that memory. */
const MAX_KEPT_PARAMETER_LENGTH = 1 << 20;

const KEPT_STATEMENTS = 200;

/**
 * What TypeORM's `driver` option takes in place of the `sqlite3` module: connections that
 * run `pragmas` before their first query, run one statement at a time (a second one would only hold
 * a thread of the pool while it waits for the first), and keep statements compiled, which halves the
 * hops to the thread pool. TypeORM starts transactions with `BEGIN TRANSACTION`; a writer must take
 * its lock at once, or an upgrade in the middle fails without waiting, so it is made IMMEDIATE.
 */
export function sqliteDriver(pragmas: readonly string[], transaction: 'IMMEDIATE' | 'DEFERRED') {
  const setup = pragmas.map((pragma) => `PRAGMA ${pragma};`).join('');

  class Connection extends SerialConnection {
    constructor(file: string, flags: number, callback: (error: Error | null) => void) {
      super(file, flags, (error) => {
        if (error) return callback(error);
        this.exec(setup, (failure) => {
          if (!failure) return callback(null);
          this.close(() => callback(failure));
        });
      });
      this.begin = `BEGIN ${transaction}`;
    }
  }

  const driver = { Database: Connection, OPEN_URI: sqlite3.OPEN_URI };
  // TypeORM asks for long stack traces, which cost an Error object for every statement.
  return { verbose: () => driver };
}

/** Runs what it is given in order, one at a time, on statements that stay compiled. */
export class SerialConnection extends sqlite3.Database {
  protected begin = 'BEGIN';
  readonly #kept = new LRUCache<string, sqlite3.Statement>({
    max: KEPT_STATEMENTS,
    dispose: (statement) => statement.finalize(),
  });
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  override run(sql: string, ...rest: unknown[]): this {
    return this.#enqueue('run', sql, rest);
  }

  override all(sql: string, ...rest: unknown[]): this {
    return this.#enqueue('all', sql, rest);
  }

  override close(callback?: (error: Error | null) => void): void {
    this.#kept.clear();
    super.close(callback);
  }

  #enqueue(method: 'run' | 'all', text: string, rest: unknown[]): this {
    const callback = rest.pop() as Callback;
    const parameters = (rest[0] ?? []) as unknown[];
    const sql = text === 'BEGIN TRANSACTION' ? this.begin : text;
    if (this.#busy) this.#waiting.push(() => this.#execute(method, sql, parameters, callback));
    else this.#execute(method, sql, parameters, callback);
    return this;
  }

  #execute(method: 'run' | 'all', sql: string, parameters: unknown[], callback: Callback): void {
    this.#busy = true;
    const next = (error: Error | null): void => {
      // A statement that failed with SQLITE_BUSY stays in the middle of its work until it is reset.
      if (error) this.#kept.delete(sql);
      this.#busy = false;
      this.#waiting.shift()?.();
    };
    // TypeORM reads what an INSERT did from the statement, which sqlite3 hands over as "this".
    const finish: Callback = function (error, rows) {
      next(error);
      callback.call(this, error, rows);
    };
    if (!REUSABLE.test(sql) || lengthOf(parameters) > MAX_KEPT_PARAMETER_LENGTH) {
      super[method](sql, parameters, finish);
      return;
    }
    const statement = this.#kept.get(sql) ?? this.#compile(sql, finish);
    statement[method](parameters, finish);
  }

  /** Kept once it compiled: what is queued on a statement that does not compile is never called back. */
  #compile(sql: string, finish: Callback): sqlite3.Statement {
    const statement: sqlite3.Statement = this.prepare(sql, (error: Error | null) => {
      if (error) finish.call(undefined, error);
      else this.#kept.set(sql, statement);
    });
    return statement;
  }
}

function lengthOf(parameters: readonly unknown[]): number {
  let length = 0;
  for (const parameter of parameters) if (typeof parameter === 'string') length += parameter.length;
  return length;
}
