import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { countTurnsDuring } from '../../test/support/count-turns.js';
import { holdLock } from '../../test/support/lock-holder.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ANALYTICS, dataSourceOptions, SQLITE_FILE_NAME } from './data-source-options.js';
import { isUnavailable } from './database-errors.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { sqliteDriver } from './sqlite-driver.js';

describe(sqliteDriver, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });

  afterEach(() => database.close());

  const pragma = async (source: DataSource, name: string): Promise<unknown> =>
    Object.values((await source.query(`PRAGMA ${name}`))[0])[0];

  const open = (role: 'writer' | typeof ANALYTICS, settings = database.settings) =>
    new DataSource(dataSourceOptions(settings, role)).initialize();

  it.each(['NORMAL', 'FULL'] as const)('sets up a writer with synchronous %s', async (mode) => {
    const writer = await open('writer', { ...database.settings, synchronous: mode });
    expect(await pragma(writer, 'journal_mode')).toBe('wal');
    expect(await pragma(writer, 'synchronous')).toBe(mode === 'FULL' ? 2 : 1);
    expect(await pragma(writer, 'foreign_keys')).toBe(1);
    // In a thread it copies the log back itself.
    expect(await pragma(writer, 'wal_autocheckpoint')).toBe(mode === 'FULL' ? 4_096 : 0);
    await writer.destroy();
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

  it('lets the event loop go on while another process holds the lock, and then writes', async () => {
    const { writerSource, settings } = database;
    const other = await holdLock(join(settings.dataDir, SQLITE_FILE_NAME));
    const writing = writerSource.query(`INSERT INTO revisions VALUES ('t', 1)`);
    const reading = database.reader.query('SELECT count(*) AS n FROM revisions');
    let turns = 0;
    const fifty = Promise.withResolvers<void>();
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 50) fifty.resolve();
    }, 10);
    await Promise.race([fifty.promise, writing]);
    clearInterval(timer);
    expect(turns).toBe(50);
    expect(await reading).toEqual([{ n: 0 }]);
    await other.release();
    await writing;
    expect(await database.reader.query('SELECT topic FROM revisions')).toEqual([{ topic: 't' }]);
  });

  it.each(['NORMAL', 'FULL'] as const)(
    'gives up on a lock in its time and is of use again, with synchronous %s',
    async (synchronous) => {
      const { settings } = database;
      const writer = await open('writer', { ...settings, synchronous, lockTimeoutMs: 50 });
      const other = await holdLock(join(settings.dataDir, SQLITE_FILE_NAME));
      const insert = () => writer.query(`INSERT INTO revisions VALUES ('t', 1)`);
      const refusal: unknown = await insert().catch((error: unknown) => error);
      expect(isUnavailable(refusal)).toBe(true);
      expect(refusal).toMatchObject({ driverError: { code: 'SQLITE_BUSY' } });
      await other.release();
      await insert();
      await writer.destroy();
    },
  );

  it('lets the event loop go on during a long query of analytics', async () => {
    const analytics = await open(ANALYTICS);
    const query = analytics.query(
      `WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 5000000)
       SELECT count(*) AS n FROM counter`,
    );
    expect(await countTurnsDuring(query)).toBeGreaterThan(20);
    expect(await query).toEqual([{ n: 5_000_000 }]);
    await analytics.destroy();
  });

  it('starts the thread of analytics with the first query', async () => {
    let threads = 0;
    const count = () => (threads += 1);
    process.on('worker', count);
    const analytics = await open(ANALYTICS);
    expect(threads).toBe(0);
    await Promise.all([analytics.query('SELECT 1'), analytics.query('SELECT 2')]);
    expect(threads).toBe(1);
    process.off('worker', count);
    await analytics.destroy();
  });

  it('writes nothing of a transaction whose thread died in the middle', async () => {
    const workers: { terminate(): Promise<number> }[] = [];
    const note = (worker: { terminate(): Promise<number> }) => workers.push(worker);
    process.on('worker', note);
    const writer = await open('writer', { ...database.settings, synchronous: 'FULL' });
    process.off('worker', note);
    const insert = (topic: string) => writer.query(`INSERT INTO revisions VALUES (?, 1)`, [topic]);
    const failed: unknown = await writer
      .transaction(async () => {
        await insert('before');
        await workers[0]?.terminate();
        await insert('after');
      })
      .catch((error: unknown) => error);
    expect(isUnavailable(failed)).toBe(true);
    await writer.transaction(() => insert('later'));
    expect(await database.reader.query('SELECT topic FROM revisions')).toEqual([
      { topic: 'later' },
    ]);
    await writer.destroy();
  });

  it.each(['reader', 'analytics'] as const)('reads every kind of value with %s', async (role) => {
    const source = role === 'reader' ? database.reader : await open(ANALYTICS);
    // Beyond 2^53 integers are rounded: what has to be exact is cast to text.
    const rows = await source.query(
      `SELECT 9007199254740993 AS big, CAST(9007199254740993 AS text) AS exact, 1.5 AS fraction,
        NULL AS absent, 'é😀' AS text, x'00ff' AS bytes`,
    );
    expect(rows).toEqual([
      {
        big: 9_007_199_254_740_992,
        exact: '9007199254740993',
        fraction: 1.5,
        absent: null,
        text: 'é😀',
        bytes: new Uint8Array([0, 255]),
      },
    ]);
    if (source !== database.reader) await source.destroy();
  });

  it.each([
    [1, 'integer', 1],
    [2 ** 40, 'integer', 2 ** 40],
    [1.5, 'real', 1.5],
    [2n ** 62n, 'integer', 2 ** 62],
    [true, 'integer', 1],
    [false, 'integer', 0],
    [undefined, 'null', null],
    [new Date(5), 'integer', 5],
    [Buffer.from('ab'), 'blob', new Uint8Array([97, 98])],
  ])('takes %s as %s', async (value, type, stored) => {
    for (const source of [database.reader, await open(ANALYTICS)]) {
      expect(await source.query('SELECT typeof(?) AS type, ? AS stored', [value, value])).toEqual([
        { type, stored },
      ]);
      if (source !== database.reader) await source.destroy();
    }
  });

  it('refuses an object as a parameter', async () => {
    await expect(database.reader.query('SELECT ?', [{ a: 1 }])).rejects.toThrow(/SQLITE_MISMATCH/);
  });

  it('calls back in a later turn of the event loop, in order', async () => {
    const order: string[] = [];
    const queries = ['first', 'second'].map((name) =>
      database.reader.query('SELECT 1').then(() => order.push(name)),
    );
    setImmediate(() => order.push('turn'));
    await Promise.all(queries);
    expect(order).toEqual(['turn', 'first', 'second']);
  });

  it.each(['writer', 'reader'] as const)('does not make a missing file for %s', async (role) => {
    const dataDir = join(database.settings.dataDir, 'empty');
    const options = dataSourceOptions({ ...database.settings, dataDir }, role);
    await expect(new DataSource(options).initialize()).rejects.toMatchObject({
      code: 'SQLITE_CANTOPEN',
    });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('refuses what is asked for after it was closed', async () => {
    const connection = (await database.reader.createQueryRunner().connect()) as SqliteConnection;
    await database.reader.destroy();
    const { promise: answer, resolve } = Promise.withResolvers<unknown>();
    connection.all('SELECT 1', resolve);
    const error = await answer;
    expect(error).toMatchObject({ code: 'SQLITE_MISUSE' });
    await database.reader.initialize();
  });
});
