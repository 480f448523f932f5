import { setTimeout as delay } from 'node:timers/promises';

import { SqliteEngine } from './sqlite-engine.js';
import { SqliteError, toSqliteError, type SqliteFailure } from './sqlite-error.js';
import type { SqliteExecutor, SqliteOutcome, SqliteTask } from './sqlite-task.js';
import { SqliteThread } from './sqlite-thread.js';
import type { Statement } from './statement-target.js';
import { WalCheckpointer } from './wal-checkpointer.js';

export interface SqliteConnectionOptions {
  readonly pragmas: readonly string[];
  /** A writer must take its lock at once: an upgrade in the middle fails without waiting. */
  readonly transaction: 'IMMEDIATE' | 'DEFERRED';
  /** How long a statement waits for a lock that another connection holds. */
  readonly lockTimeoutMs: number;
  /** `here` is faster and holds up the event loop; `thread` is for what may take long. */
  readonly runs: 'here' | 'thread';
  /** Opened with the first query instead of at once. */
  readonly lazy?: boolean;
  /** What copies the log back instead of this connection's own commits. */
  readonly checkpoints?: { readonly synchronous: string };
}

type Callback = (this: SqliteOutcome, error: Error | null, rows?: unknown[]) => void;

/** As SQLite's own, but between them the event loop goes on. */
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 20;

const BUSY_SNAPSHOT = 517;

/** What TypeORM says to every connection that it opened; the pragmas have said it. */
const TYPEORM_GREETING = 'PRAGMA foreign_keys = ON';

/**
 * A connection as TypeORM's `sqlite` driver speaks to it. Runs what it is given in order, one at a
 * time, and calls back in a later turn of the event loop.
 */
export class SqliteConnection {
  readonly #options: SqliteConnectionOptions;
  readonly #executor: SqliteExecutor;
  readonly #checkpointer: WalCheckpointer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #used = false;

  constructor(
    file: string,
    options: SqliteConnectionOptions,
    callback: (error: Error | null) => void,
  ) {
    const { pragmas, lockTimeoutMs, checkpoints } = options;
    this.#options = options;
    this.#executor =
      options.runs === 'thread'
        ? new SqliteThread({ file, pragmas, busyTimeoutMs: lockTimeoutMs })
        : new SqliteEngine({ file, pragmas, busyTimeoutMs: 0 });
    if (checkpoints) this.#checkpointer = new WalCheckpointer(file, checkpoints.synchronous);
    tell(options.lazy ? Promise.resolve() : this.#open(), callback);
  }

  /** `rest` is the parameters, if any, and the callback. */
  run(sql: string, ...rest: unknown[]): this {
    return this.#enqueue('run', sql, rest);
  }

  all(sql: string, ...rest: unknown[]): this {
    return this.#enqueue('all', sql, rest);
  }

  /** Past TypeORM: all or nothing, in one go. Rejects with `SqliteError`. */
  async batch(statements: readonly Statement[]): Promise<void> {
    await this.#perform({ do: 'batch', statements });
  }

  /** After everything that was asked for before. */
  close(callback: (error: Error | null) => void): void {
    tell(this.#close(), callback);
  }

  async #open(): Promise<void> {
    try {
      await this.#perform({ do: 'open' });
      this.#checkpointer?.start();
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async #close(): Promise<void> {
    await this.#checkpointer?.stop();
    await this.#last;
    await this.#executor.close();
  }

  #enqueue(kind: 'run' | 'all', text: string, rest: unknown[]): this {
    const callback = rest.pop() as Callback;
    const parameters = (rest[0] ?? []) as unknown[];
    tell(this.#query(kind, text, parameters), (error, outcome = {}) =>
      callback.call(outcome, error, outcome.rows),
    );
    return this;
  }

  #query(kind: 'run' | 'all', text: string, parameters: unknown[]): Promise<SqliteOutcome> {
    if (this.#options.lazy && !this.#used && text === TYPEORM_GREETING) return Promise.resolve({});
    this.#used = true;
    const sql = text === 'BEGIN TRANSACTION' ? `BEGIN ${this.#options.transaction}` : text;
    return this.#perform({ do: kind, sql, parameters });
  }

  #perform(task: SqliteTask): Promise<SqliteOutcome> {
    const outcome = this.#last.then(() => this.#attempt(task));
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }

  /** Tries again while another connection holds the lock, until the time for that is over. */
  async #attempt(task: SqliteTask): Promise<SqliteOutcome> {
    let deadline: number | undefined;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.#executor.execute(task);
      } catch (cause) {
        const error = toSqliteError(cause as SqliteFailure);
        deadline ??= performance.now() + this.#options.lockTimeoutMs;
        if (!this.#mayPass(error) || performance.now() >= deadline) throw error;
      }
      await delay(pause);
    }
  }

  #mayPass({ code, errno }: SqliteError): boolean {
    // A thread waits by itself. What was read before another's commit stays outdated.
    return code === 'SQLITE_BUSY' && errno !== BUSY_SNAPSHOT && this.#options.runs === 'here';
  }
}

/** Not at once: queries that follow one another would keep everything else from its turn. */
function tell<T>(work: Promise<T>, callback: (error: Error | null, value?: T) => void): void {
  work.then(
    (value) => setImmediate(callback, null, value),
    (error: Error) => setImmediate(callback, error),
  );
}
