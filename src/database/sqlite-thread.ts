import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { lostThread, SqliteError, type SqliteFailure } from './sqlite-error.js';
import type { SqliteExecutor, SqliteOpening, SqliteOutcome, SqliteTask } from './sqlite-task.js';
import type { ThreadAnswer, ThreadRequest } from './sqlite-thread-entry.js';

const ENTRY = new URL(`./sqlite-thread-entry${extname(import.meta.url)}`, import.meta.url);

/** A thread that has nothing to do for this long gives its memory back. */
const IDLE_MS = 120_000;

interface Waiting {
  readonly resolve: (outcome: SqliteOutcome) => void;
  readonly reject: (failure: SqliteFailure) => void;
}

/**
 * A connection in a thread of its own, which is started with the first task, ends when it has been
 * idle for long and is replaced when it dies. It never keeps the process alive by itself.
 */
export class SqliteThread implements SqliteExecutor {
  readonly #opening: SqliteOpening;
  /** In the order in which the thread answers. */
  #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #inTransaction = false;
  /** The thread died in a transaction; what belongs to that must not be written without it. */
  #torn = false;
  #closed = false;

  constructor(opening: SqliteOpening) {
    this.#opening = opening;
  }

  execute(task: SqliteTask): Promise<SqliteOutcome> {
    if (this.#closed) return Promise.reject(new SqliteError('SQLITE_MISUSE', 21, 'it is closed'));
    if (this.#torn) {
      if (!('sql' in task && task.sql === 'ROLLBACK')) return Promise.reject(lostThread(undefined));
      this.#torn = false;
      return Promise.resolve({});
    }
    return new Promise((resolve, reject) => {
      clearTimeout(this.#idle);
      const worker = (this.#worker ??= this.#start());
      worker.ref();
      this.#waiting.push({ resolve, reject });
      post(worker, task);
    });
  }

  /** Resolves when the file is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#dismiss();
    if (worker === undefined) return;
    worker.ref();
    await once(worker, 'exit');
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, {
      workerData: this.#opening,
      // The thread needs nothing of the environment, which holds secrets.
      env: {},
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    let cause: unknown;
    worker.on('message', (answer: ThreadAnswer) => this.#settle(worker, answer));
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    worker.on('exit', () => this.#lose(worker, cause));
    return worker;
  }

  #settle(worker: Worker, answer: ThreadAnswer): void {
    const first = this.#waiting.shift();
    if (this.#waiting.length === 0) {
      worker.unref();
      this.#idle = setTimeout(() => this.#rest(), IDLE_MS).unref();
    }
    this.#inTransaction = answer.inTransaction;
    if ('failure' in answer) first?.reject(answer.failure);
    else first?.resolve(answer.outcome);
  }

  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#torn = this.#inTransaction;
    this.#inTransaction = false;
    for (const { reject } of this.#waiting.splice(0)) reject(lostThread(cause));
  }

  #rest(): void {
    if (!this.#inTransaction) this.#dismiss();
  }

  #dismiss(): Worker | undefined {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) post(worker, { do: 'end' });
    return worker;
  }
}

function post(worker: Worker, request: ThreadRequest): void {
  worker.postMessage(request);
}
