import { LRUCache } from 'lru-cache';
import sqlite3 from 'sqlite3';

type Callback = (this: sqlite3.Statement | void, error: Error | null, rows?: unknown[]) => void;

/** Statements worth keeping compiled; DDL, PRAGMA and the rest are rare. */
const REUSABLE = /^(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK)\b/;

/** A kept statement holds its last parameters; larger ones are not worth that memory. */
const MAX_KEPT_PARAMETER_LENGTH = 1 << 20;

const KEPT_STATEMENTS = 200;

/**
 * What TypeORM's `driver` option takes in place of the `sqlite3` module: connections that
 * run `pragmas` before their first query, run one statement at a time (a second one would only hold a
 * thread of the pool while it waits for the first), and keep statements compiled, which halves the
 * hops to the thread pool. TypeORM starts transactions with `BEGIN TRANSACTION`; a writer must take
 * its lock at once, or an upgrade in the middle fails without waiting, so it is made IMMEDIATE.
 */
export function sqliteDriver(pragmas: readonly string[]): object {
  const setup = pragmas.map((pragma) => `PRAGMA ${pragma};`).join('');

  class Connection extends sqlite3.Database {
    readonly #kept = new LRUCache<string, sqlite3.Statement>({
      max: KEPT_STATEMENTS,
      dispose: (statement) => statement.finalize(),
    });

    constructor(file: string, flags: number, callback: (error: Error | null) => void) {
      super(file, flags, (error) => {
        if (error) return callback(error);
        this.exec(setup, (failure) => {
          if (!failure) return callback(null);
          super.close(() => callback(failure));
        });
      });
      this.serialize();
    }

    override run(sql: string, ...rest: unknown[]): this {
      return this.#execute('run', sql, rest);
    }

    override all(sql: string, ...rest: unknown[]): this {
      return this.#execute('all', sql, rest);
    }

    override close(callback?: (error: Error | null) => void): void {
      this.#kept.clear();
      super.close(callback);
    }

    #execute(method: 'run' | 'all', text: string, rest: unknown[]): this {
      const callback = rest.pop() as Callback;
      const parameters = (rest[0] ?? []) as unknown[];
      const sql = text === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : text;
      if (!REUSABLE.test(sql) || lengthOf(parameters) > MAX_KEPT_PARAMETER_LENGTH) {
        return super[method](sql, parameters, callback);
      }
      const statement = this.#kept.get(sql) ?? this.#compile(sql, callback);
      const kept = this.#kept;
      statement[method](
        parameters,
        function (this: sqlite3.Statement, error: Error | null, rows?: unknown[]) {
          // A statement that failed with SQLITE_BUSY stays in the middle of its work until it is reset.
          if (error) kept.delete(sql);
          callback.call(this, error, rows);
        },
      );
      return this;
    }

    /** Kept only once it compiled: what is queued on a statement that does not compile is never called back. */
    #compile(sql: string, callback: Callback): sqlite3.Statement {
      const statement: sqlite3.Statement = this.prepare(sql, (error: Error | null) => {
        if (error) callback.call(undefined, error);
        else this.#kept.set(sql, statement);
      });
      return statement;
    }
  }

  const driver = { Database: Connection, OPEN_URI: sqlite3.OPEN_URI };
  // TypeORM asks for long stack traces, which cost an Error object for every statement.
  return { verbose: () => driver };
}

function lengthOf(parameters: readonly unknown[]): number {
  let length = 0;
  for (const parameter of parameters) if (typeof parameter === 'string') length += parameter.length;
  return length;
}
