import { once } from 'node:events';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { SQLITE_FILE_NAME } from './data-source-options.js';
import { SqliteThread } from './sqlite-thread.js';

const LONG =
  'WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 3000000) SELECT count(*) FROM counter';

describe(SqliteThread, () => {
  let database: TestDatabase;
  let thread: SqliteThread;
  let workers: Worker[];
  const note = (worker: unknown) => workers.push(worker as Worker);

  beforeEach(async () => {
    database = await openTestDatabase();
    const file = join(database.settings.dataDir, SQLITE_FILE_NAME);
    thread = new SqliteThread({ file, pragmas: [], busyTimeoutMs: 0 });
    workers = [];
    process.on('worker', note);
  });

  afterEach(async () => {
    vi.useRealTimers();
    process.off('worker', note);
    await thread.close();
    await database.close();
  });

  const all = (sql: string) => thread.execute({ do: 'all', sql, parameters: [] });
  const one = { rows: [{ n: 1 }] };

  it('fails what waits when it is terminated, and is replaced at the next query', async () => {
    const waiting = [all(LONG), all('SELECT 1 AS n'), all('SELECT 1 AS n')];
    const settled = Promise.allSettled(waiting);
    const [worker] = await once(process, 'worker');
    await once(worker as Worker, 'online');
    await workers[0]?.terminate();
    expect((await settled).map((result) => result.status === 'rejected' && result.reason)).toEqual(
      waiting.map(() => expect.objectContaining({ code: 'SQLITE_INTERRUPT' })),
    );
    expect(await all('SELECT 1 AS n')).toEqual(one);
    expect(workers).toHaveLength(2);
  });

  it('leaves the transaction that died with it to its ROLLBACK', async () => {
    await all('BEGIN');
    await all(`INSERT INTO revisions VALUES ('lost', 1)`);
    await workers[0]?.terminate();
    await expect(all(`INSERT INTO revisions VALUES ('stray', 1)`)).rejects.toMatchObject({
      code: 'SQLITE_INTERRUPT',
    });
    await expect(all('COMMIT')).rejects.toMatchObject({ code: 'SQLITE_INTERRUPT' });
    await all('ROLLBACK');
    expect(await all('SELECT count(*) AS n FROM revisions')).toEqual({ rows: [{ n: 0 }] });
  });

  it('ends when it has been idle for long, and begins again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await all('SELECT 1 AS n');
    const ended = once(workers[0] as Worker, 'exit');
    await vi.advanceTimersByTimeAsync(600_000);
    await ended;
    expect(await all('SELECT 1 AS n')).toEqual(one);
    expect(workers).toHaveLength(2);
  });

  it('does not end in the middle of a transaction', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await all('BEGIN');
    await vi.advanceTimersByTimeAsync(600_000);
    await all('COMMIT');
    expect(workers).toHaveLength(1);
  });

  it('says what SQLite said', async () => {
    await expect(all('SELECT absent FROM nowhere')).rejects.toMatchObject({
      errcode: 1,
      message: 'no such table: nowhere',
    });
  });

  it('is closed for good', async () => {
    await all('SELECT 1 AS n');
    await thread.close();
    await expect(all('SELECT 1 AS n')).rejects.toMatchObject({ code: 'SQLITE_MISUSE' });
  });
});
