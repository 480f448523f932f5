import type { Statement } from './statement-target.js';

/**
 * What a connection can be asked to do. `batch` runs all of its statements in one transaction and
 * leaves nothing behind when it fails.
 */
export type SqliteTask =
  | { readonly do: 'open' }
  | { readonly do: 'run' | 'all'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly do: 'batch'; readonly statements: readonly Statement[] };

export interface SqliteOutcome {
  /** Of `all`, as plain objects. */
  readonly rows?: Record<string, unknown>[];
  /** Of `run`, by the names that TypeORM reads. */
  readonly lastID?: number;
  readonly changes?: number;
}

/** Where the file is opened: in this thread or in one of its own. */
export interface SqliteExecutor {
  /** Throws or rejects as SQLite refused it; `toSqliteError` makes that telling. */
  execute(task: SqliteTask): SqliteOutcome | Promise<SqliteOutcome>;
  close(): void | Promise<void>;
}

/** How a connection is opened. */
export interface SqliteOpening {
  readonly file: string;
  /** Run before anything else; each without the word PRAGMA. */
  readonly pragmas: readonly string[];
  /** How long SQLite itself waits for a lock, which holds up its thread. */
  readonly busyTimeoutMs: number;
}
