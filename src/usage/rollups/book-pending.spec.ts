import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetProcess } from '../../../test/support/budget-process.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { UsagePendingEntries } from '../../database/migrations/0009-usage-pending-entries.js';
import { seedCounter } from '../../limits/budgets/budget-counters.js';
import { bookPending } from './book-pending.js';
import { findRollupDifferences } from './rollup-differences.js';

const DAY = 86_400_000;
const NOW = Date.now();
const PERIOD = { start: NOW - (NOW % DAY), end: NOW - (NOW % DAY) + DAY };
const SUBJECT = { scope: 'global', scopeId: '' } as const;

let database: TestDatabase;
let proxy: BudgetProcess;

beforeEach(async () => {
  database = await openTestDatabase();
  proxy = await BudgetProcess.start(database, database.writerSource, []);
  await proxy.writer.transaction((manager) =>
    seedCounter(manager, { subject: SUBJECT, period: PERIOD }),
  );
});

afterEach(async () => {
  await proxy.stop();
  await database.close();
});

const run = (sql: string): Promise<unknown> =>
  proxy.writer.transaction((manager) => manager.query(sql));
const book = () => proxy.writer.transaction(bookPending);

async function number(sql: string): Promise<number> {
  const [row]: Record<string, unknown>[] = await database.reader.query(sql);
  return Number(Object.values(row ?? {})[0]);
}

/** What was spent, as each of the sums has it. */
async function sums(suffix = '_now'): Promise<number[]> {
  const rollups = (width: number) =>
    number(
      `SELECT COALESCE(SUM(cost_nano_usd), 0) FROM usage_rollups${suffix} WHERE bucket_ms = ${width}`,
    );
  return [
    await rollups(60_000),
    await rollups(3_600_000),
    await rollups(DAY),
    await number(`SELECT spent_nano_usd FROM budget_counters${suffix}`),
  ];
}

const all = (cost: number) => [cost, cost, cost, cost];

async function expectSound(): Promise<void> {
  expect((await findRollupDifferences(database.reader)).violations).toBe(0);
}

/** Past everything that knows about totals. */
async function insertByHand(id: string, cost: number): Promise<void> {
  const copy = { request_id: `'${id}'`, cost_nano_usd: String(cost) };
  const columns: { name: string }[] = await database.reader.query(
    `SELECT name FROM pragma_table_info('usage_entries')`,
  );
  const values = columns.map(({ name }) => copy[name as keyof typeof copy] ?? name);
  await run(
    `INSERT INTO usage_entries (${columns.map(({ name }) => name).join(', ')})
     SELECT ${values.join(', ')} FROM usage_entries WHERE sequence = 1 LIMIT 1`,
  );
}

describe(bookPending, () => {
  it('changes no sum, and leaves nothing to be added while reading', async () => {
    await proxy.book(NOW, 3, 'settled');
    await proxy.book(NOW, 4, 'interrupted');
    expect(await sums('')).toEqual(all(0));
    expect(await sums()).toEqual(all(7));
    for (let time = 0; time < 2; time += 1) {
      await book();
      expect(await sums('')).toEqual(all(7));
      expect(await sums()).toEqual(all(7));
    }
    await expectSound();
  });

  it('has an entry in every sum whoever appended it', async () => {
    await proxy.book(NOW, 3, 'settled');
    await book();
    await insertByHand('by-hand', 40);
    expect(await sums()).toEqual(all(43));
    await book();
    expect(await sums('')).toEqual(all(43));
    await expectSound();
  });

  it('is done by those who append, many entries at a time', async () => {
    for (let count = 0; count < 600; count += 1) await proxy.book(NOW, 1, 'settled');
    expect(await sums()).toEqual(all(600));
    expect(await sums('')).toEqual(all(512));
  });

  it('counts an entry that gets the number of one that is deleted', async () => {
    await proxy.book(NOW, 3, 'settled');
    await book();
    await run('DELETE FROM usage_entries');
    await proxy.book(NOW, 5, 'settled');
    expect(await sums()).toEqual(all(8));
    await run('DELETE FROM usage_entries WHERE rowid = (SELECT MAX(rowid) FROM usage_entries)');
    await proxy.book(NOW, 6, 'settled');
    await book();
    expect(await sums('')).toEqual(all(14));
  });

  it('has what was pending when it was deleted or changed', async () => {
    await proxy.book(NOW, 3, 'settled');
    await run('UPDATE usage_entries SET cost_nano_usd = 30 WHERE sequence = 1');
    expect(await sums()).toEqual(all(3));
    await proxy.book(NOW, 4, 'settled');
    await run('DELETE FROM usage_entries WHERE created_at > 0');
    expect(await sums()).toEqual(all(7));
  });

  it('survives a database that is packed', async () => {
    await proxy.book(NOW, 3, 'settled');
    await proxy.book(NOW, 4, 'settled');
    await book();
    await run('DELETE FROM usage_entries WHERE rowid = 1');
    await proxy.book(NOW, 5, 'settled');
    await database.writerSource.query('VACUUM');
    expect(await sums()).toEqual(all(12));
    await proxy.book(NOW, 6, 'settled');
    await book();
    expect(await sums('')).toEqual(all(18));
  });

  it('books all that is pending or nothing', async () => {
    await proxy.book(NOW, 3, 'settled');
    await proxy.book(NOW, 4, 'settled');
    await expect(run('UPDATE usage_position SET booked_up_to = 1')).rejects.toThrow('all pending');
    expect(await sums()).toEqual(all(7));
  });
});

describe(UsagePendingEntries, () => {
  it('takes stored totals over, and gives them back with what is pending', async () => {
    const migration = new UsagePendingEntries();
    const runner = database.writerSource.createQueryRunner();
    await proxy.book(NOW, 3, 'settled');
    await migration.down(runner);
    expect(await sums('')).toEqual(all(3));
    await proxy.book(NOW, 4, 'settled');
    expect(await sums('')).toEqual(all(7));
    await migration.up(runner);
    expect(await sums()).toEqual(all(7));
    await proxy.book(NOW, 5, 'settled');
    expect(await sums()).toEqual(all(12));
    await expectSound();
  });
});
