import { getDataSourceToken } from '@nestjs/typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { ANALYTICS } from '../src/database/data-source-options.js';
import { GroupCommitWriter } from '../src/database/group-commit-writer.js';
import { insertTarget } from '../src/database/insert-rows.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { Ledger } from '../src/usage/ledger.js';
import { Retention } from '../src/usage/retention/retention.service.js';
import { bookPending } from '../src/usage/rollups/book-pending.js';
import { rebuildRollups } from '../src/usage/rollups/rebuild-rollups.js';
import { admissionOf, bookAt, query } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 30, 15);
const DAYS = 12;
const PER_DAY = 4;

let app: TestApp;

afterEach(() => app.close());

async function start(env: Record<string, string>): Promise<void> {
  app = await TestApp.start({ env });
  for (let day = 0; day < DAYS; day += 1) {
    for (let index = 0; index < PER_DAY; index += 1) {
      const createdAt = NOW - day * DAY - index * 3_600_000;
      await bookAt(app, createdAt, { requestId: `${day}-${index}` });
    }
  }
}

const sweep = (now = NOW) => app.app.get(Retention).sweep(now);

const rebuild = () =>
  rebuildRollups(app.app.get(GroupCommitWriter), app.app.get(getDataSourceToken(ANALYTICS)));

async function totals(width: number) {
  const [row] = await query<{ requests: number; cost: number }>(
    app,
    'SELECT SUM(requests) AS requests, SUM(cost_nano_usd) AS cost FROM usage_rollups_now WHERE bucket_ms = ?',
    [width],
  );
  return row;
}

async function remaining(): Promise<string[]> {
  const rows = await query<{ id: string }>(
    app,
    'SELECT request_id AS id FROM usage_entries GROUP BY 1 HAVING COUNT(*) = 2 ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

async function expectSoundBooks(): Promise<void> {
  // Not of today: nothing that was open is young any more.
  const checked = await app.app.get(LedgerCheck).run();
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
}

describe(Retention.name, () => {
  it('keeps everything but old minutes when nothing is said', async () => {
    await start({});
    const before = await totals(3_600_000);
    await sweep();
    expect(await remaining()).toHaveLength(DAYS * PER_DAY);
    expect(await totals(3_600_000)).toEqual(before);
    // Seven whole days before today, and today.
    expect(await totals(60_000)).toMatchObject({ requests: 8 * PER_DAY });
    await expectSoundBooks();
    await rebuild();
    expect(await totals(60_000)).toMatchObject({ requests: 8 * PER_DAY });
  });

  it('deletes old requests whole, and totals stay what they were', async () => {
    await start({ LEDGER_RETENTION_DAYS: '2', LEDGER_MINUTES_RETENTION_DAYS: '0' });
    const before = [await totals(60_000), await totals(3_600_000), await totals(DAY)];
    expect(before[2]).toMatchObject({ requests: DAYS * PER_DAY });
    await sweep();
    expect(await remaining()).toHaveLength(3 * PER_DAY);
    expect(await query(app, 'SELECT COUNT(*) AS count FROM usage_entries')).toEqual([
      { count: 3 * PER_DAY * 2 },
    ]);
    expect([await totals(60_000), await totals(3_600_000), await totals(DAY)]).toEqual(before);
    await expectSoundBooks();
  });

  it('does not let a rebuild touch the totals of what is gone', async () => {
    await start({ LEDGER_RETENTION_DAYS: '2', LEDGER_MINUTES_RETENTION_DAYS: '0' });
    await sweep();
    const rollups = 'SELECT * FROM usage_rollups_now ORDER BY 1, 2, 3, 4, 5, 6, 7';
    const before = await query(app, rollups);
    await app.app.get(GroupCommitWriter).transaction(async (manager) => {
      await bookPending(manager);
      await manager.query(
        `UPDATE usage_rollups SET requests = 0 WHERE bucket_start >= ${Date.UTC(2026, 5, 28)}`,
      );
    });
    await rebuild();
    expect(await query(app, rollups)).toEqual(before);
  });

  it('remembers how far it went when it is told to keep more', async () => {
    await start({ LEDGER_RETENTION_DAYS: '2' });
    await sweep();
    await sweep(NOW - 5 * DAY);
    expect(await query(app, 'SELECT * FROM retention_horizons ORDER BY data')).toEqual([
      { data: 'entries', complete_from: Date.UTC(2026, 5, 28) },
      { data: 'minutes', complete_from: Date.UTC(2026, 5, 23) },
    ]);
  });

  it('leaves what is still open', async () => {
    await start({ LEDGER_RETENTION_DAYS: '2' });
    const reservation = await app.app
      .get(Ledger)
      .reserve(await admissionOf(app, { requestId: 'open' }));
    await sweep(reservation.createdAt + 10 * DAY);
    expect(await query(app, 'SELECT request_id FROM usage_entries')).toEqual([
      { request_id: 'open' },
    ]);
  });

  it('leaves the work to an older process', async () => {
    await start({ LEDGER_RETENTION_DAYS: '2' });
    const cells = ['older', 'elsewhere', 1, 1, Date.now(), null];
    const columns = ['id', 'host', 'pid', 'started_at', 'heartbeat_at', 'oldest_open_at'];
    const processes = insertTarget<unknown[]>(
      {
        table: 'processes',
        columns: columns.map((name, index) => ({ name, type: index < 2 ? 'text' : 'integer' })),
      },
      (row) => row,
    );
    await app.app.get(GroupCommitWriter).append(processes, cells);
    await sweep();
    expect(await remaining()).toHaveLength(DAYS * PER_DAY);
  });
});
