import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

import type { AppendTarget } from './append.js';
import { DatabaseUnavailableError, isUnavailable } from './database-errors.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { isStatementTarget, type Dialect, type Statement } from './statement-target.js';

type Groups = ReadonlyMap<AppendTarget<unknown>, readonly unknown[]>;

/** The driver's own connection, as far as the writer speaks to it past TypeORM. */
interface PostgresClient {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}
interface PostgresQueryRunner extends QueryRunner {
  releasePostgresConnection(cause: unknown): Promise<void>;
}

/** Transactions, one at a time, on one connection that is replaced when it fails. */
export class WriterConnection {
  readonly #dataSource: DataSource;
  readonly #dialect: Dialect;
  #runner: QueryRunner | undefined;
  /** A transaction that could not be rolled back may still be open. */
  #unclean = false;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#dialect = dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** Writes every group in one transaction; nothing is written when it rejects. */
  async write(groups: Groups): Promise<void> {
    const statements = this.#statementsOf(groups);
    if (statements) return this.#execute(statements);
    await this.transaction(async (manager) => {
      for (const [target, rows] of groups) await target.write(manager, rows);
    });
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = await this.#idleRunner();
    try {
      await runner.startTransaction();
    } catch (error) {
      // TypeORM counts a transaction that did not start; its runner is of no more use.
      await this.#replace(runner, error);
      throw error;
    }
    try {
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await this.#rollback(runner, error, () => runner.rollbackTransaction());
      throw error;
    }
  }

  async #idleRunner(): Promise<QueryRunner> {
    if (this.#unclean) await this.#clean();
    // TypeORM releases a runner whose connection was lost while idle.
    if (!this.#runner || this.#runner.isReleased)
      this.#runner = this.#dataSource.createQueryRunner();
    const runner = this.#runner;
    if (!runner.isTransactionActive) return runner;
    throw new DatabaseUnavailableError(
      new Error(
        'A transaction was started past the writer; its rollback would take this write along.',
      ),
    );
  }

  #statementsOf(groups: Groups): Statement[] | undefined {
    const statements: Statement[] = [];
    for (const [target, rows] of groups) {
      if (!isStatementTarget(target)) return undefined;
      statements.push(...target.statements(this.#dialect, rows));
    }
    return statements;
  }

  /** Past TypeORM, whose bookkeeping costs more than the way to SQLite and back. */
  async #execute(statements: readonly Statement[]): Promise<void> {
    const runner = await this.#idleRunner();
    const connection: unknown = await runner.connect();
    if (this.#dialect === 'sqlite') return (connection as SqliteConnection).batch(statements);
    const client = connection as PostgresClient;
    // One statement is a transaction by itself.
    const together = statements.length > 1 || statements.some(({ rows }) => rows.length > 1);
    try {
      if (together) await client.query('BEGIN');
      for (const { sql, rows } of statements) {
        for (const parameters of rows) await client.query(sql, [...parameters]);
      }
      if (together) await client.query('COMMIT');
    } catch (error) {
      if (together || isUnavailable(error)) {
        await this.#rollback(runner, error, () => runner.query('ROLLBACK'));
      }
      throw error;
    }
  }

  async #rollback(
    runner: QueryRunner,
    cause: unknown,
    rollback: () => Promise<unknown>,
  ): Promise<void> {
    // A server that does not answer would not answer a ROLLBACK either; it rolls back when it is left.
    if (this.#dialect === 'postgres' && isUnavailable(cause)) return this.#replace(runner, cause);
    try {
      await rollback();
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
    (this.#dataSource.driver as unknown as { queryRunner: unknown }).queryRunner = undefined;
    await this.#clean().catch(() => undefined);
  }

  async #clean(): Promise<void> {
    this.#unclean = true;
    try {
      await this.#dataSource.createQueryRunner().query('ROLLBACK');
    } catch (error) {
      if (!(error as Error).message.includes('no transaction is active')) throw error;
    }
    this.#unclean = false;
  }
}
