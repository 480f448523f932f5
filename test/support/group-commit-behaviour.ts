import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';

import type { AppendTarget } from '../../src/database/append.js';
import { RowRejectedError, WriteQueueFullError } from '../../src/database/database-errors.js';
import { insertRows, insertTarget } from '../../src/database/insert-rows.js';
import type { InsertTable } from '../../src/database/insert-table.js';
import type { TestDatabase } from './test-database.js';

interface Topic {
  topic: string;
  revision: number;
}

const REVISIONS: InsertTable = {
  table: 'revisions',
  columns: [
    { name: 'topic', type: 'text' },
    { name: 'revision', type: 'integer' },
  ],
};

/** Small rows for tests of writing as such. */
export const TOPICS = insertTarget<Topic>(REVISIONS, ({ topic, revision }) => [topic, revision]);

/** What must hold on either database; `open` gives the migrated, empty one of this test. */
export function describeGroupCommit(open: () => TestDatabase): void {
  const topics = async (): Promise<string[]> =>
    (await open().reader.query('SELECT topic FROM revisions ORDER BY topic')).map(
      ({ topic }: Topic) => topic,
    );

  const append = (topic: string): Promise<void> =>
    open().writer.append(TOPICS, { topic, revision: 1 });

  /** As `TOPICS`, but past the short cut for single statements; notes the batches that it is given. */
  const recording = (batches: string[][]): AppendTarget<Topic> => ({
    name: 'recording',
    write: (manager, rows) => {
      batches.push(rows.map(({ topic }) => topic));
      return insertRows(
        manager,
        REVISIONS,
        rows.map(({ topic, revision }) => [topic, revision]),
      );
    },
  });

  const named = (count: number, prefix = 't'): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);

  it('commits the appends of one turn of the event loop together', async () => {
    const batches: string[][] = [];
    const target = recording(batches);
    const names = named(100);
    await Promise.all(names.map((topic) => open().writer.append(target, { topic, revision: 1 })));
    expect(batches).toEqual([names]);
    expect(await topics()).toEqual(names);
  });

  it('is committed when it resolves', async () => {
    await append('a');
    expect(await topics()).toEqual(['a']);
    expect(open().writer.queueDepth).toBe(0);
  });

  it('writes every one of a thousand concurrent appends exactly once', async () => {
    const names = named(1_000);
    await Promise.all(names.map(append));
    expect(await topics()).toEqual(names);
  });

  it('rejects only the row that cannot be stored', async () => {
    await append('t0003');
    const results = await Promise.allSettled(named(8).map(append));
    expect(results.map(({ status }) => status === 'rejected')).toEqual(
      named(8).map((name) => name === 't0003'),
    );
    expect(results[3]).toMatchObject({ reason: expect.any(RowRejectedError) });
    expect(await topics()).toEqual(named(8));
  });

  it('rejects only the row that cannot be expressed', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const target = insertTarget<unknown>(REVISIONS, (topic) => [topic, 1]);
    const results = await Promise.allSettled(
      ['a', circular, 'b'].map((topic) => open().writer.append(target, topic)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await topics()).toEqual(['a', 'b']);
  });

  it('writes the rows of several targets in one transaction, in order of appearance', async () => {
    const order: string[] = [];
    const target = (name: string): AppendTarget<Topic> => ({
      name,
      write: async (manager, rows) => {
        order.push(`${name}:${rows.length}`);
        await TOPICS.write(manager, rows);
      },
    });
    const [first, second] = [target('first'), target('second')];
    const { writer } = open();
    await Promise.all([
      writer.append(first, { topic: 'a', revision: 1 }),
      writer.append(second, { topic: 'b', revision: 1 }),
      writer.append(first, { topic: 'c', revision: 1 }),
    ]);
    expect(order).toEqual(['first:2', 'second:1']);
    expect(await topics()).toEqual(['a', 'b', 'c']);
  });

  it('writes nothing twice when one of several statements is refused', async () => {
    await append('taken');
    const other = insertTarget<Topic>({ ...REVISIONS }, ({ topic, revision }) => [topic, revision]);
    const { writer } = open();
    const results = await Promise.allSettled([
      writer.append(TOPICS, { topic: 'a', revision: 1 }),
      writer.append(other, { topic: 'taken', revision: 1 }),
      writer.append(other, { topic: 'b', revision: 1 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await topics()).toEqual(['a', 'b', 'taken']);
  });

  it('refuses what would wait beyond its bound and writes the rest', async () => {
    const { writer, settings } = open();
    const results = await Promise.allSettled(named(settings.maxQueuedWrites + 3).map(append));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.any(WriteQueueFullError),
      expect.any(WriteQueueFullError),
      expect.any(WriteQueueFullError),
    ]);
    expect(await topics()).toEqual(named(settings.maxQueuedWrites));
    expect(writer.queueDepth).toBe(0);
    await append('later');
  });

  it('runs transactions one at a time, beside appends', async () => {
    const { writer } = open();
    await append('counter');
    const increment = () =>
      writer.transaction(async (manager) => {
        const [row] = await manager.query(`SELECT revision FROM revisions WHERE topic = 'counter'`);
        await manager.query(
          `UPDATE revisions SET revision = ${Number(row.revision) + 1} WHERE topic = 'counter'`,
        );
      });
    await Promise.all([...named(50).map(append), ...Array.from({ length: 50 }, increment)]);
    const [row] = await open().reader.query(
      `SELECT revision FROM revisions WHERE topic = 'counter'`,
    );
    expect(Number(row.revision)).toBe(51);
    expect(await topics()).toHaveLength(51);
  });

  it('runs each transaction in the context of its caller, whoever empties the queue', async () => {
    const { writer } = open();
    const callers = new AsyncLocalStorage<number>();
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        callers.run(index, () =>
          writer.transaction(async (manager) => {
            await manager.query('SELECT 1');
            return callers.getStore();
          }),
        ),
      ),
    );
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('rolls a transaction back and rethrows what its work threw', async () => {
    const failure = new TypeError('of the work');
    const { writer } = open();
    await expect(
      writer.transaction(async (manager) => {
        await manager.query(`INSERT INTO revisions VALUES ('never', 1)`);
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await writer.transaction(async () => 'value')).toBe('value');
    expect(await topics()).toEqual([]);
  });

  it('refuses to wait for itself', async () => {
    const { writer } = open();
    await expect(writer.transaction(() => append('a'))).rejects.toThrow(/waits for itself/);
    await expect(
      writer.transaction(() => writer.transaction(async () => undefined)),
    ).rejects.toThrow(/waits for itself/);
    await append('b');
    expect(await topics()).toEqual(['b']);
  });

  it('drains what is queued, also what is added meanwhile', async () => {
    const { writer } = open();
    const first = append('a').then(() => append('b'));
    await writer.drain();
    await first;
    await writer.drain();
    expect(writer.queueDepth).toBe(0);
    expect(await topics()).toEqual(['a', 'b']);
  });
}
