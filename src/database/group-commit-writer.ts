import { AsyncLocalStorage } from 'node:async_hooks';

import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import type { AppendTarget } from './append.js';
import {
  DatabaseUnavailableError,
  isUnavailable,
  RowRejectedError,
  WriteQueueFullError,
} from './database-errors.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from './database-settings.js';
import { WriterConnection } from './writer-connection.js';

/** A larger batch would hold the event loop for long while it is written as text. */
const MAX_BATCH = 500;

interface PendingAppend {
  readonly target: AppendTarget<unknown>;
  readonly row: unknown;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface PendingTransaction {
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/**
 * The only way to write. One transaction at a time; all appends that wait at that moment go out
 * together in one transaction, so a busy proxy commits many requests at once and an idle one does
 * not wait.
 */
@Injectable()
export class GroupCommitWriter {
  readonly #connection: WriterConnection;
  readonly #maxQueuedWrites: number;
  readonly #inTransaction = new AsyncLocalStorage<{ open: boolean }>();
  readonly #appends: PendingAppend[] = [];
  readonly #transactions: PendingTransaction[] = [];
  #writing = 0;
  #running: Promise<void> | undefined;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(DATABASE_SETTINGS) settings: Pick<DatabaseSettings, 'maxQueuedWrites'>,
  ) {
    this.#connection = new WriterConnection(dataSource);
    this.#maxQueuedWrites = settings.maxQueuedWrites;
  }

  /** Writes that were accepted and are not committed yet. */
  get queueDepth(): number {
    return this.#appends.length + this.#transactions.length + this.#writing;
  }

  /**
   * Resolves once the row is committed. Rejects with `WriteQueueFullError` (not queued),
   * `DatabaseUnavailableError` (nothing written, later may work) or `RowRejectedError`.
   */
  append<Row>(target: AppendTarget<Row>, row: Row): Promise<void> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#appends.push({ target, row, resolve, reject });
      this.#start();
    });
  }

  /**
   * Runs `work` in a transaction of its own, in turn with everything else that is written. `work`
   * awaits only its `manager`: while it runs nothing else is written. What it throws is rethrown
   * after the rollback; when the database is to blame, as `DatabaseUnavailableError`.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    // Whoever happens to empty the queue is another request: what `work` records is the caller's.
    const asCaller = AsyncLocalStorage.snapshot();
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        const outcome = await this.#runTransaction(work, asCaller);
        this.#writing -= 1;
        if ('error' in outcome) this.#fail([{ reject }], outcome.error);
        else resolve(outcome.value);
      };
      this.#transactions.push({ run, reject });
      this.#start();
    });
  }

  /** Resolves when everything accepted so far and meanwhile is committed or refused. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #refusal(): Error | undefined {
    if (this.#inTransaction.getStore()?.open) {
      return new Error(
        'A transaction that waits for the writer waits for itself: use its manager.',
      );
    }
    if (this.queueDepth < this.#maxQueuedWrites) return undefined;
    return new WriteQueueFullError(this.#maxQueuedWrites);
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#appends.length > 0 || this.#transactions.length > 0) {
      // What else this turn of the event loop brings shares the commit.
      await new Promise(setImmediate);
      if (this.#appends.length > 0) await this.#writeAppends();
      const transaction = this.#transactions.shift();
      if (!transaction) continue;
      this.#writing += 1;
      await transaction.run();
    }
    this.#running = undefined;
  }

  async #runTransaction<T>(
    work: (manager: EntityManager) => Promise<T>,
    asCaller: <R>(call: () => R) => R,
  ): Promise<{ value: T } | { error: unknown }> {
    // Work that was only begun inside, and goes on afterwards, may write again.
    const scope = { open: true };
    try {
      const value = await this.#connection.transaction((manager) =>
        asCaller(() => this.#inTransaction.run(scope, work, manager)),
      );
      return { value };
    } catch (error) {
      return { error: typed(error) };
    } finally {
      scope.open = false;
    }
  }

  async #writeAppends(): Promise<void> {
    const batch = this.#appends.splice(0, MAX_BATCH);
    this.#writing += batch.length;
    await this.#writeBatch(batch);
  }

  /** Halves a batch that one row spoils until that row is alone. */
  async #writeBatch(batch: readonly PendingAppend[]): Promise<void> {
    try {
      await this.#connection.write(groupByTarget(batch));
    } catch (error) {
      if (isUnavailable(error)) return this.#reject(batch, typed(error));
      const [first] = batch;
      if (first !== undefined && batch.length === 1) {
        return this.#reject(batch, new RowRejectedError(first.target.name, error));
      }
      const middle = batch.length >> 1;
      await this.#writeBatch(batch.slice(0, middle));
      return this.#writeBatch(batch.slice(middle));
    }
    this.#writing -= batch.length;
    for (const { resolve } of batch) resolve();
  }

  #reject(batch: readonly PendingAppend[], error: unknown): void {
    this.#writing -= batch.length;
    this.#fail(batch, error);
  }

  /**
   * When the database is to blame, what waits behind is refused with it: tried one after the other,
   * each would wait as long again for the same lock. What comes later tries anew.
   */
  #fail(failed: readonly { reject: (error: unknown) => void }[], error: unknown): void {
    for (const { reject } of failed) reject(error);
    if (!(error instanceof DatabaseUnavailableError)) return;
    for (const { reject } of this.#appends.splice(0)) reject(error);
    for (const { reject } of this.#transactions.splice(0)) reject(error);
  }
}

function groupByTarget(batch: readonly PendingAppend[]): Map<AppendTarget<unknown>, unknown[]> {
  const groups = new Map<AppendTarget<unknown>, unknown[]>();
  for (const { target, row } of batch) {
    const rows = groups.get(target);
    if (rows) rows.push(row);
    else groups.set(target, [row]);
  }
  return groups;
}

function typed(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || !isUnavailable(error)) return error;
  return new DatabaseUnavailableError(error);
}
