import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ANALYTICS } from '../src/database/data-source-options.js';
import { GroupCommitWriter } from '../src/database/group-commit-writer.js';
import { NO_USAGE } from '../src/providers/contract/token-usage.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { Ledger } from '../src/usage/ledger.js';
import { rebuildLatencies } from '../src/usage/latency/rebuild-latencies.js';
import { bookPending } from '../src/usage/rollups/book-pending.js';
import { rebuildRollups } from '../src/usage/rollups/rebuild-rollups.js';
import { admissionOf, book, query } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

let app: TestApp;

beforeEach(async () => {
  app = await TestApp.start();
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      book(
        app,
        { requestId: `request_${index}` },
        {
          status: index % 4 === 0 ? 'error' : 'ok',
          model: index % 2 === 0 ? 'echo' : 'unheard-of',
          provider: index % 3 === 0 ? 'elsewhere' : 'simulated',
          usage: { ...NO_USAGE, inputUncached: index, cacheWrite1h: 1, outputText: 2 * index },
        },
      ),
    ),
  );
});

afterEach(() => app.close());

async function violations(now?: number): Promise<Record<string, number>> {
  const checked = await app.app.get(LedgerCheck).run(now);
  const found: Record<string, number> = {};
  for (const { name, violations: count } of checked) found[name] = (found[name] ?? 0) + count;
  return found;
}

async function tamper(sql: string): Promise<void> {
  await app.app.get(GroupCommitWriter).transaction((manager) => manager.query(sql));
}

/** What is booked while reading cannot be wrong: only what is stored can. */
async function tamperRollups(sql: string): Promise<void> {
  await app.app.get(GroupCommitWriter).transaction(bookPending);
  await tamper(sql);
}

const NONE = { I2: 0, I3: 0, I4: 0, I5: 0 };

function rollups(): Promise<unknown[]> {
  return query(
    app,
    'SELECT * FROM usage_rollups_now ORDER BY bucket_ms, bucket_start, client_id, api_key_id, provider, model, status',
  );
}

function latencies(): Promise<unknown[]> {
  return query(
    app,
    `SELECT bucket_ms, bucket_start, provider, model, measure, from_ms, SUM(requests) AS requests
     FROM usage_latencies_now GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
  );
}

describe(LedgerCheck.name, () => {
  it('finds nothing wrong with what the proxy wrote, and says how much it looked at', async () => {
    expect(await violations()).toEqual(NONE);
    const checked = await app.app.get(LedgerCheck).run();
    expect(checked.map(({ name, checked: count }) => [name, count])).toEqual([
      ['I2', 40],
      ['I3', 40],
      ['I4', (await rollups()).length],
      // By the hour and the day, of four models.
      ['I4', (await latencies()).length],
      ['I4', 0],
      ['I5', 0],
      ['I5', 0],
    ]);
    expect((await rollups()).length).toBeGreaterThan(4);
    expect((await latencies()).length).toBeGreaterThanOrEqual(8);
  });

  it('finds a request that was closed twice', async () => {
    await tamper(`
      CREATE TEMP TABLE copied AS SELECT * FROM usage_entries
        WHERE request_id = 'request_7' AND sequence = 1;
      `);
    await tamper(`UPDATE copied SET sequence = 2`);
    await tamper(`INSERT INTO usage_entries SELECT * FROM copied`);
    expect(await violations()).toEqual({ ...NONE, I2: 1 });
  });

  it('finds a settlement that nobody reserved', async () => {
    await tamper(`DELETE FROM usage_entries WHERE request_id = 'request_7' AND sequence = 0`);
    expect(await violations()).toEqual({ ...NONE, I3: 1 });
  });

  it('finds a settlement that is gone: the totals miss it, and its reservation stays open', async () => {
    await tamper(`DELETE FROM usage_entries WHERE request_id = 'request_7' AND sequence = 1`);
    // Its minute, its hour and its day; and its latency, of an hour and a day.
    expect(await violations()).toEqual({ ...NONE, I4: 5 });
    expect(await violations(Date.now() + 10_001)).toEqual({ ...NONE, I4: 5, I5: 1 });
  });

  it.each([
    'requests',
    'input_tokens',
    'cached_input_tokens',
    'cache_write_tokens',
    'output_tokens',
    'reasoning_tokens',
    'cost_nano_usd',
    'provider_cost_nano_usd',
    'unpriced_requests',
    'estimated_requests',
    'latency_ms',
    'latency_requests',
    'first_chunk_ms',
    'first_chunk_requests',
  ])('finds a roll-up whose %s are not the sum', async (column) => {
    await tamperRollups(
      `UPDATE usage_rollups SET ${column} = ${column} + 1
        WHERE rowid = (SELECT MIN(rowid) FROM usage_rollups)`,
    );
    expect(await violations()).toEqual({ ...NONE, I4: 1 });
  });

  it('finds a roll-up that is gone and one that no entry stands behind', async () => {
    await tamperRollups(
      `DELETE FROM usage_rollups WHERE rowid = (SELECT MIN(rowid) FROM usage_rollups)`,
    );
    expect(await violations()).toEqual({ ...NONE, I4: 1 });
    await tamperRollups(
      `UPDATE usage_rollups SET provider = 'nowhere'
        WHERE rowid = (SELECT MAX(rowid) FROM usage_rollups)`,
    );
    // Two that are not there, and one that should not be.
    expect(await violations()).toEqual({ ...NONE, I4: 3 });
  });

  it('finds counts of latencies that are wrong, gone, or of nothing', async () => {
    await tamperRollups(`UPDATE usage_latencies SET requests = requests + 1 WHERE model = 'echo'`);
    const wrong = await violations();
    expect(wrong['I4']).toBeGreaterThanOrEqual(2);
    await tamperRollups(`DELETE FROM usage_latencies WHERE model = 'echo'`);
    expect(await violations()).toEqual(wrong);
    await tamperRollups(`UPDATE usage_latencies SET provider = 'no-' || provider`);
    expect((await violations())['I4']).toBe((await latencies()).length * 2 + (wrong['I4'] ?? 0));
  });

  it('finds an entry that was changed afterwards', async () => {
    await tamper(
      `UPDATE usage_entries SET cost_nano_usd = cost_nano_usd - 1 WHERE request_id = 'request_2' AND sequence = 1`,
    );
    expect(await violations()).toEqual({ ...NONE, I4: 3 });
  });

  it('takes what is in flight for what it is', async () => {
    const reservation = await app.app
      .get(Ledger)
      .reserve(await admissionOf(app, { requestId: 'in-flight' }));
    expect(await violations()).toEqual(NONE);
    expect(await violations(reservation.createdAt + 10_001)).toEqual({ ...NONE, I5: 1 });
  });
});

describe(rebuildLatencies.name, () => {
  it('mends what was tampered with, and changes nothing else', async () => {
    const rebuild = () =>
      rebuildLatencies(app.app.get(GroupCommitWriter), app.app.get(getDataSourceToken(ANALYTICS)));
    const before = await latencies();
    await rebuild();
    expect(await latencies()).toEqual(before);
    await tamperRollups(`UPDATE usage_latencies SET requests = 7, provider = 'no-' || provider`);
    await rebuild();
    expect(await latencies()).toEqual(before);
    expect(await violations()).toEqual(NONE);
  });
});

describe(rebuildRollups.name, () => {
  const rebuild = () =>
    rebuildRollups(app.app.get(GroupCommitWriter), app.app.get(getDataSourceToken(ANALYTICS)));

  it('changes nothing where nothing is wrong', async () => {
    const before = await rollups();
    await rebuild();
    expect(await rollups()).toEqual(before);
  });

  it('mends what was tampered with', async () => {
    const before = await rollups();
    await tamperRollups(`UPDATE usage_rollups SET cost_nano_usd = 0, requests = requests + 1`);
    await rebuild();
    expect(await rollups()).toEqual(before);
    expect(await violations()).toEqual(NONE);
  });
});
