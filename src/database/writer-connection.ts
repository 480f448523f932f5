import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

import type { AppendTarget } from './append.js';

/** Transactions, one at a time, on one connection that is replaced when it fails. */
export class WriterConnection {
  readonly #dataSource: DataSource;
  #runner: QueryRunner | undefined;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Writes every group in one transaction; nothing is written when it rejects. */
  write(groups: ReadonlyMap<AppendTarget<unknown>, readonly unknown[]>): Promise<void> {
    return this.transaction(async (manager) => {
      for (const [target, rows] of groups) await target.write(manager, rows);
    });
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = (this.#runner ??= this.#dataSource.createQueryRunner());
    try {
      await runner.startTransaction();
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await this.#rollback(runner, error);
      throw error;
    }
  }

  /** A connection that cannot even roll back is given up; the next transaction opens another. */
  async #rollback(runner: QueryRunner, cause: unknown): Promise<void> {
    try {
      await runner.rollbackTransaction();
    } catch {
      await this.#replace(runner, cause);
    }
  }

  async #replace(runner: QueryRunner, cause: unknown): Promise<void> {
    this.#runner = undefined;
    if (this.#dataSource.options.type === 'postgres') {
      const postgres = runner as unknown as {
        releasePostgresConnection(cause: unknown): Promise<void>;
      };
      await postgres.releasePostgresConnection(cause).catch(() => undefined);
      return;
    }
    // SQLite has one connection and TypeORM one runner for it, which still believes in its transaction.
    await runner.query('ROLLBACK').catch(() => undefined);
    (this.#dataSource.driver as unknown as { queryRunner: unknown }).queryRunner = undefined;
  }
}
