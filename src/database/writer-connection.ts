import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

import type { AppendTarget } from './append.js';
import { isUnavailable } from './database-errors.js';
import { isStatementTarget, type Dialect, type Statement } from './statement-target.js';

type Groups = ReadonlyMap<AppendTarget<unknown>, readonly unknown[]>;

/** The drivers' own connections, as far as the writer speaks to them past TypeORM. */
interface SqliteConnection {
  run(sql: string, parameters: unknown[], callback: (error: Error | null) => void): void;
}
interface PostgresClient {
  query(sql: string, parameters: unknown[]): Promise<unknown>;
}
interface PostgresQueryRunner extends QueryRunner {
  releasePostgresConnection(cause: unknown): Promise<void>;
}

/** Transactions, one at a time, on one connection that is replaced when it fails. */
export class WriterConnection {
  readonly #dataSource: DataSource;
  readonly #dialect: Dialect;
  #runner: QueryRunner | undefined;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#dialect = dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** Writes every group in one transaction; nothing is written when it rejects. */
  async write(groups: Groups): Promise<void> {
    const statement = this.#singleStatement(groups);
    if (statement) return this.#execute(statement);
    await this.transaction(async (manager) => {
      for (const [target, rows] of groups) await target.write(manager, rows);
    });
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.#currentRunner();
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

  #currentRunner(): QueryRunner {
    return (this.#runner ??= this.#dataSource.createQueryRunner());
  }

  /** One statement is a transaction by itself. */
  #singleStatement(groups: Groups): Statement | undefined {
    if (groups.size !== 1) return undefined;
    for (const [target, rows] of groups) {
      if (isStatementTarget(target)) return target.statement(this.#dialect, rows);
    }
    return undefined;
  }

  async #execute({ sql, parameters }: Statement): Promise<void> {
    const runner = this.#currentRunner();
    try {
      const connection: unknown = await runner.connect();
      if (this.#dialect === 'postgres') {
        await (connection as PostgresClient).query(sql, parameters);
        return;
      }
      await new Promise<void>((resolve, reject) => {
        (connection as SqliteConnection).run(sql, parameters, (error) =>
          error ? reject(error) : resolve(),
        );
      });
    } catch (error) {
      if (isUnavailable(error)) await this.#replace(runner, error);
      throw error;
    }
  }

  async #rollback(runner: QueryRunner, cause: unknown): Promise<void> {
    // A server that does not answer would not answer a ROLLBACK either; it rolls back when it is left.
    if (this.#dialect === 'postgres' && isUnavailable(cause)) return this.#replace(runner, cause);
    try {
      await runner.rollbackTransaction();
    } catch {
      await this.#replace(runner, cause);
    }
  }

  /** Gives up a connection of unknown state; the next transaction gets another. */
  async #replace(runner: QueryRunner, cause: unknown): Promise<void> {
    this.#runner = undefined;
    if (this.#dialect === 'postgres') {
      await (runner as PostgresQueryRunner).releasePostgresConnection(cause).catch(() => undefined);
      return;
    }
    // SQLite has one connection, and TypeORM one runner for it that believes in its transaction still.
    await runner.query('ROLLBACK').catch(() => undefined);
    (this.#dataSource.driver as unknown as { queryRunner: unknown }).queryRunner = undefined;
  }
}
