import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ANALYTICS, dataSourceOptions } from './data-source-options.js';
import { sqliteDriver } from './sqlite-driver.js';

describe(sqliteDriver, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase([], { synchronous: 'FULL', lockTimeoutMs: 1_234 });
  });

  afterEach(() => database.close());

  const pragma = async (source: DataSource, name: string): Promise<unknown> =>
    Object.values((await source.query(`PRAGMA ${name}`))[0])[0];

  it('sets up the connection that serves the queries', async () => {
    const { writerSource, reader } = database;
    expect(await pragma(writerSource, 'journal_mode')).toBe('wal');
    expect(await pragma(writerSource, 'synchronous')).toBe(2);
    for (const source of [writerSource, reader]) {
      expect(await pragma(source, 'foreign_keys')).toBe(1);
      expect(await pragma(source, 'busy_timeout')).toBe(1_234);
    }
  });

  it.each(['reader', ANALYTICS] as const)('lets %s write nothing', async (role) => {
    const source = await new DataSource(dataSourceOptions(database.settings, role)).initialize();
    await expect(source.query(`INSERT INTO revisions VALUES ('t', 1)`)).rejects.toThrow(
      /SQLITE_READONLY/,
    );
    await expect(source.query('CREATE TABLE t (id)')).rejects.toThrow(/SQLITE_READONLY/);
    expect(await source.query('SELECT count(*) AS n FROM revisions')).toEqual([{ n: 0 }]);
    await source.destroy();
  });

  it('answers every caller of a statement that does not compile, each time', async () => {
    const attempts = Array.from({ length: 3 }, () =>
      database.reader.query('SELECT absent FROM nowhere'),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(database.reader.query('SELECT absent FROM nowhere')).rejects.toThrow(/nowhere/);
  });

  it('gives each of many queries its own answer, whether the statement is kept or not', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        index % 2 === 0
          ? database.reader.query('SELECT ? AS n', [index])
          : database.reader.query(`SELECT ${index} AS n`),
      ),
    );
    expect(answers.map(([{ n }]) => n)).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  it('runs what is queued in order', async () => {
    const { writerSource } = database;
    await Promise.all([
      writerSource.query('CREATE TABLE steps (step)'),
      writerSource.query('INSERT INTO steps VALUES (?)', [1]),
      writerSource.query('UPDATE steps SET step = step * 10'),
      writerSource.query('INSERT INTO steps VALUES (?)', [2]),
    ]);
    expect(await writerSource.query('SELECT step FROM steps ORDER BY step')).toEqual([
      { step: 2 },
      { step: 10 },
    ]);
  });

  it('goes on after a row was refused', async () => {
    const insert = () => database.writerSource.query(`INSERT INTO revisions VALUES ('t', ?)`, [1]);
    await insert();
    await expect(insert()).rejects.toThrow(/UNIQUE/);
    await expect(insert()).rejects.toThrow(/UNIQUE/);
    expect(await database.writerSource.query('SELECT * FROM revisions')).toEqual([
      { topic: 't', revision: 1 },
    ]);
  });

  it('sees a changed schema with a statement compiled before', async () => {
    const { writerSource } = database;
    await writerSource.query('CREATE TABLE grows (a)');
    await writerSource.query('INSERT INTO grows VALUES (1)');
    expect(await writerSource.query('SELECT * FROM grows')).toEqual([{ a: 1 }]);
    await writerSource.query('ALTER TABLE grows ADD COLUMN b DEFAULT 2');
    expect(await writerSource.query('SELECT * FROM grows')).toEqual([{ a: 1, b: 2 }]);
  });
});
