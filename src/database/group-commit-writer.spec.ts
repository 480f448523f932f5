import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { WriterConnection } from './writer-connection.js';
import { describeGroupCommit, TOPICS } from '../../test/support/group-commit-behaviour.js';
import type { AppendTarget } from './append.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseUnavailableError } from './database-errors.js';
import { GroupCommitWriter } from './group-commit-writer.js';

describe(GroupCommitWriter, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase([], { lockTimeoutMs: 20, maxQueuedWrites: 2_000 });
  });

  afterEach(() => database.close());

  describeGroupCommit(() => database);

  const countRows = async (): Promise<number> =>
    (await database.reader.query('SELECT count(*) AS n FROM revisions'))[0].n;

  const append = (topic: string): Promise<void> =>
    database.writer.append(TOPICS, { topic, revision: 1 });

  it('rejects as unavailable while another process holds the lock, and recovers', async () => {
    const other = await new DataSource(dataSourceOptions(database.settings, 'writer')).initialize();
    await other.query('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([append('a'), append('b')]);
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual([
      expect.any(DatabaseUnavailableError),
      expect.any(DatabaseUnavailableError),
    ]);
    await expect(database.writer.transaction(async () => undefined)).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
    await other.query('COMMIT');
    await other.destroy();
    await append('c');
    await database.writer.transaction((manager) =>
      manager.query(`INSERT INTO revisions VALUES ('d', 1)`),
    );
    expect(await countRows()).toBe(2);
  });

  it('rejects as unavailable while the disk is full, and recovers', async () => {
    const [{ page_count: pages }] = await database.writerSource.query('PRAGMA page_count');
    await database.writerSource.query(`PRAGMA max_page_count = ${pages}`);
    const long = 'x'.repeat(100_000);
    const results = await Promise.allSettled([append(`${long}1`), append(`${long}2`)]);
    for (const result of results) {
      expect(result).toMatchObject({
        reason: expect.objectContaining({
          name: 'DatabaseUnavailableError',
          cause: expect.objectContaining({ code: 'SQLITE_FULL' }),
        }),
      });
    }
    await database.writerSource.query('PRAGMA max_page_count = 1000000');
    await append(`${long}3`);
    expect(await countRows()).toBe(1);
  });

  it('rejects as unavailable while the database is read-only, and recovers', async () => {
    await database.writerSource.query('PRAGMA query_only = ON');
    await expect(append('a')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await database.writerSource.query('PRAGMA query_only = OFF');
    await append('b');
    expect(await countRows()).toBe(1);
  });

  it('tries a database that is away once for all that wait, not once for each', async () => {
    await database.writerSource.query('PRAGMA query_only = ON');
    const begun = vi.spyOn(WriterConnection.prototype, 'transaction');
    const transactions = Array.from({ length: 20 }, (_, index) =>
      database.writer.transaction((manager) =>
        manager.query('INSERT INTO revisions VALUES (?, 1)', [index]),
      ),
    );
    const results = await Promise.allSettled(transactions);
    expect(
      results.filter(
        (result) =>
          result.status === 'rejected' && result.reason instanceof DatabaseUnavailableError,
      ),
    ).toHaveLength(20);
    expect(begun).toHaveBeenCalledTimes(1);
    begun.mockRestore();
    await database.writerSource.query('PRAGMA query_only = OFF');
    await append('later');
    expect(await countRows()).toBe(1);
    expect(database.writer.queueDepth).toBe(0);
  });

  it('rolls back a transaction that its ROLLBACK left open', async () => {
    const breaking: AppendTarget<null> = {
      name: 'breaking',
      write: async (manager) => {
        await manager.query(`INSERT INTO revisions VALUES ('lost', 1)`);
        // The rollback that follows finds no transaction, and TypeORM still believes in one.
        await manager.query('ROLLBACK');
        throw new Error('refused');
      },
    };
    await expect(database.writer.append(breaking, null)).rejects.toThrow(/refused/);
    await append('kept');
    await database.writer.transaction((manager) =>
      manager.transaction((nested) => nested.query(`INSERT INTO revisions VALUES ('nested', 1)`)),
    );
    expect(await database.reader.query('SELECT topic FROM revisions ORDER BY topic')).toEqual([
      { topic: 'kept' },
      { topic: 'nested' },
    ]);
  });

  it('refuses to write into a transaction that was started past it', async () => {
    const { writerSource, writer } = database;
    let refusal: unknown;
    await writerSource.transaction(async (manager) => {
      await manager.query(`INSERT INTO revisions VALUES ('past', 1)`);
      refusal = await append('a').catch((error: unknown) => error);
    });
    expect(refusal).toBeInstanceOf(DatabaseUnavailableError);
    expect((refusal as Error).cause).toMatchObject({
      message: expect.stringContaining('past the writer'),
    });
    await append('b');
    expect(writer.queueDepth).toBe(0);
    expect(await countRows()).toBe(2);
  });
});
