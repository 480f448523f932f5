import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { TOPICS } from '../../test/support/group-commit-behaviour.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { SQLITE_FILE_NAME } from './data-source-options.js';
import { SqliteThread } from './sqlite-thread.js';
import { WAL_LIMIT_BYTES, WalCheckpointer } from './wal-checkpointer.js';

const LONG = 'x'.repeat(200_000);

describe(WalCheckpointer, () => {
  let database: TestDatabase;
  let file: string;
  let written: number;

  beforeEach(async () => {
    database = await openTestDatabase();
    file = join(database.settings.dataDir, SQLITE_FILE_NAME);
    written = 0;
  });

  afterEach(() => database.close());

  const append = (text = ''): Promise<void> =>
    database.writer.append(TOPICS, { topic: `${(written += 1)} ${text}`, revision: 1 });

  const logSize = async (): Promise<number> => (await stat(`${file}-wal`)).size;

  /** Appends more than one log may hold, and small rows from then on until `done` says so. */
  const appendUntil = async (done: () => Promise<boolean>): Promise<void> => {
    for (let rest = 1.2 * WAL_LIMIT_BYTES; rest > 0; rest -= LONG.length) await append(LONG);
    while (!(await done())) await append();
  };

  const isBounded = async (): Promise<boolean> => (await logSize()) <= WAL_LIMIT_BYTES;

  it('starts the log anew while appends go on, each time', async () => {
    for (let round = 0; round < 3; round++) await appendUntil(isBounded);
    // What is in the log alone may be cut off by the next round; the file holds the rest.
    expect((await stat(file)).size).toBeGreaterThan(2 * WAL_LIMIT_BYTES);
    expect(await database.reader.query('SELECT count(*) AS n FROM revisions')).toEqual([
      { n: written },
    ]);
  });

  it('waits for a reader that holds a snapshot, and goes on when it lets go', async () => {
    const reader = new DatabaseSync(file);
    reader.exec('BEGIN; SELECT * FROM revisions');
    const execute = vi.spyOn(SqliteThread.prototype, 'execute');
    await appendUntil(async () => execute.mock.results.length >= 2);
    await expect(execute.mock.results[1]?.value).resolves.toMatchObject({ rows: [{ busy: 1 }] });
    execute.mockRestore();
    expect(await isBounded()).toBe(false);
    reader.close();
    await appendUntil(isBounded);
  });

  it('leaves a log alone that nobody writes to any more', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const quiet = await openTestDatabase();
    for (let count = 0; count < 100; count++) {
      await quiet.writer.append(TOPICS, { topic: `${count} ${LONG}`, revision: 1 });
    }
    const execute = vi.spyOn(SqliteThread.prototype, 'execute');
    vi.advanceTimersByTime(500);
    await vi.waitUntil(() => execute.mock.results.length === 2);
    await execute.mock.results[1]?.value;
    for (let look = 0; look < 10; look++) {
      await vi.advanceTimersByTimeAsync(500);
      await stat(file);
    }
    await quiet.close();
    expect(execute).toHaveBeenCalledTimes(2);
    execute.mockRestore();
    vi.useRealTimers();
  });
});
