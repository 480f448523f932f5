import { stat } from 'node:fs/promises';

import { SqliteThread } from './sqlite-thread.js';

/** The log starts anew once it is larger than this: 4,096 pages, each with a header. */
export const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

const LOOK_EVERY_MS = 500;

/** The checkpoint keeps writers out while it waits for readers, so it does not wait for long. */
const LOCK_TIMEOUT_MS = 100;

/** At most this many looks are left out after attempts that a reader was in the way of. */
const LONGEST_REST = 16;

interface Checkpoint {
  /** 1 when a reader or a writer was in the way. */
  readonly busy: number;
}

/**
 * Copies the log of a SQLite database back into its file, in a thread, so that neither the copying
 * nor the disk holds up the event loop. The writer cuts the log to `WAL_LIMIT_BYTES` when it starts
 * it anew (`journal_size_limit`), so a larger file means that much has been written since.
 */
export class WalCheckpointer {
  readonly #log: string;
  readonly #thread: SqliteThread;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** When the log that was copied back was last written to. */
  #copiedUpTo = 0;
  #failures = 0;
  #rest = 0;

  constructor(file: string, synchronous: string) {
    this.#log = `${file}-wal`;
    this.#thread = new SqliteThread({
      file,
      pragmas: [`synchronous = ${synchronous}`, 'wal_autocheckpoint = 0', 'trusted_schema = OFF'],
      busyTimeoutMs: LOCK_TIMEOUT_MS,
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#lookUnlessLooking(), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#thread.close();
  }

  #lookUnlessLooking(): void {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return;
    }
    // What could not be done now is tried again, and is no reason to refuse a request.
    this.#looking ??= this.#look()
      .catch(() => this.#postpone())
      .finally(() => (this.#looking = undefined));
  }

  async #look(): Promise<void> {
    const { size, mtimeMs } = await stat(this.#log);
    if (size <= WAL_LIMIT_BYTES || mtimeMs === this.#copiedUpTo) return;
    // Most of it beside the writer; it then has to wait only while the little that it added is copied.
    await this.#checkpoint('PASSIVE');
    const { busy } = await this.#checkpoint('RESTART');
    if (busy) return this.#postpone();
    this.#failures = 0;
    this.#copiedUpTo = mtimeMs;
  }

  /** Readers that keep the log from ending are given ever more time: each attempt holds writers up. */
  #postpone(): void {
    this.#rest = Math.min(2 ** this.#failures, LONGEST_REST);
    this.#failures += 1;
  }

  async #checkpoint(mode: 'PASSIVE' | 'RESTART'): Promise<Checkpoint> {
    const sql = `PRAGMA wal_checkpoint(${mode})`;
    const { rows } = await this.#thread.execute({ do: 'all', sql, parameters: [] });
    return rows?.[0] as unknown as Checkpoint;
  }
}
