import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BudgetView } from '../../src/dashboard/limits/budget.view.js';
import type { UsageBreakdownView } from '../../src/dashboard/usage/usage-breakdown.view.js';
import type { UsageSummaryView } from '../../src/dashboard/usage/usage-summary.view.js';
import type { UsageTimeSeriesView } from '../../src/dashboard/usage/usage-time-series.view.js';
import type { RequestPage } from '../../src/dashboard/usage/request-row.view.js';
import { Configuration } from '../../src/config/configuration.js';
import { writeFile } from 'node:fs/promises';
import { interruptedEntry } from '../../src/usage/build-usage-entry.js';
import { Ledger } from '../../src/usage/ledger.js';
import { LedgerCheck } from '../../src/usage/ledger-check.js';
import { readUsageEntry } from '../../src/usage/read-usage-entry.js';
import { UsageEntries } from '../../src/usage/usage-entries.js';
import { runCli } from '../../src/cli/run-cli.js';
import { apiCaller } from '../support/api-caller.js';
import { admissionOf, outcomeOf, query } from '../support/book-entries.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { parseMetrics, sumOf } from '../support/metrics-text.js';
import { StreamClient } from '../support/stream-client.js';
import { TestApp } from '../support/test-app.js';
import { eitherForm, stream, vendorUsage } from '../support/vendor-answers.js';
import { waitUntil } from '../support/wait-until.js';

const BUDGETED_KEY = 'key-of-the-budgeted-client-0123456789abcdef';
const FREE_KEY = 'key-of-the-client-without-budget-0123456789';
const MESSAGES = [{ role: 'user', content: 'How much is it, all in all?' }];

let app: TestApp;
let upstream: FaultUpstream;
let call: ReturnType<typeof apiCaller>;

/** Prices whose products have fractions of a nano-USD. */
function yaml(input: string): string {
  const vendor = {
    type: 'openai-compatible',
    baseUrl: upstream.url,
    retries: { maxAttempts: 2, baseMs: 0 },
    breaker: { enabled: false },
  };
  const budget = { usd: 1000, period: 'month' };
  return JSON.stringify({
    providers: [
      { ...vendor, name: 'vendor', budget },
      { ...vendor, name: 'other' },
    ],
    prices: [
      { model: 'vendor/cheap', input, cachedInput: '0.071', output: '0.613' },
      { model: 'vendor/dear', input: '37.13', output: '171.7' },
    ],
    clients: [
      { name: 'budgeted', apiKeys: [{ key: BUDGETED_KEY, budget }], budget },
      { name: 'free', apiKeys: [FREE_KEY] },
    ],
  });
}

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({ yaml: yaml('0.137') });
  call = apiCaller(app);
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

async function ask(key: string, model: string, more: object = {}): Promise<void> {
  const answer = await app.chat(
    { model, messages: MESSAGES, ...more },
    { authorization: `Bearer ${key}` },
  );
  await answer.text();
}

async function sendMixedTraffic(): Promise<void> {
  let tokens = 0;
  upstream.always((request) => {
    tokens += 1;
    return eitherForm('Text.', vendorUsage(100 + tokens, tokens, { cached: 7 }))(request);
  });
  upstream.forModel('failing', { status: 500 });
  upstream.forModel('uncounted', stream(['One ', 'two ', 'three.']));
  const streaming = { stream: true };
  await Promise.all([
    ...Array.from({ length: 12 }, () => ask(BUDGETED_KEY, 'vendor/cheap')),
    ...Array.from({ length: 9 }, () => ask(BUDGETED_KEY, 'vendor/dear', streaming)),
    ...Array.from({ length: 5 }, () => ask(FREE_KEY, 'vendor/cheap', streaming)),
    ...Array.from({ length: 4 }, () => ask(FREE_KEY, 'other/unpriced')),
    ...Array.from({ length: 3 }, () => ask(FREE_KEY, 'other/failing')),
    ...Array.from({ length: 2 }, () => ask(FREE_KEY, 'other/uncounted', streaming)),
  ]);
}

/** A client that leaves in the middle of its stream. */
async function leaveEarly(): Promise<void> {
  upstream.next({ ...stream(['Begin '], vendorUsage(50, 5)), afterEvents: 2, ending: 'stall' });
  const client = new StreamClient({
    url: app.url,
    key: FREE_KEY,
    body: { model: 'vendor/cheap', messages: MESSAGES, stream: true },
  });
  await waitUntil(() => client.raw.includes('Begin'), 'the stream to begin');
  client.leave();
  await waitUntil(() => app.app.get(Ledger).openReservations === 0, 'the request to be closed');
}

/** Taken for dead by another process, and settled after all. */
async function settleAfterInterruption(): Promise<void> {
  const admission = await admissionOf(app, {
    requestId: 'thought-dead',
    provider: 'vendor',
    model: 'dear',
  });
  const reservation = await app.app.get(Ledger).reserve(admission);
  const [row] = await query<Record<string, unknown>>(
    app,
    `SELECT * FROM usage_entries WHERE request_id = 'thought-dead'`,
  );
  const reserved = readUsageEntry(row as Record<string, unknown>);
  await app.app.get(UsageEntries).append(interruptedEntry(reserved, reservation.price));
  await reservation.settle(outcomeOf({ provider: 'vendor', model: 'cheap' }));
}

interface LedgerSums {
  requests: number;
  cost: string;
  input: number;
  unpriced: number;
}

async function ledgerSums(condition = 'true'): Promise<LedgerSums> {
  const [row] = await query<LedgerSums>(
    app,
    `SELECT SUM(requests) AS requests, CAST(COALESCE(SUM(cost_nano_usd), 0) AS text) AS cost,
       SUM(input_tokens) AS input,
       SUM(CASE WHEN cost_nano_usd IS NULL THEN requests ELSE 0 END) AS unpriced
     FROM usage_entries WHERE kind <> 'reserved' AND ${condition}`,
  );
  return row as LedgerSums;
}

async function get<Body>(path: string): Promise<Body> {
  const { status, body } = await call<Body>('GET', path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

const sumsOf = (figures: {
  requests: number;
  costNanoUsd: string;
  inputTokens: number;
  unpricedRequests: number;
}): LedgerSums => ({
  requests: figures.requests,
  cost: figures.costNanoUsd,
  input: figures.inputTokens,
  unpriced: figures.unpricedRequests,
});

async function expectTotalsAre(ledger: LedgerSums): Promise<void> {
  const range = 'to=2100-01-01&from=2020-01-01';
  expect(sumsOf(await get<UsageSummaryView>(`usage/summary?${range}`))).toEqual(ledger);
  for (const by of ['client', 'key', 'provider', 'model', 'status']) {
    const { items, total } = await get<UsageBreakdownView>(`usage/breakdown?${range}&by=${by}`);
    expect(sumsOf(total)).toEqual(ledger);
    const added = items.reduce((sum, item) => sum + BigInt(item.costNanoUsd), 0n);
    expect(String(added)).toBe(ledger.cost);
  }
  const now = Date.now();
  const near = `from=${new Date(now - 7_200_000).toISOString()}&to=${new Date(now + 1).toISOString()}`;
  for (const [interval, groupBy, timeZone] of [
    ['minute', 'none', 'UTC'],
    ['hour', 'model', 'UTC'],
    ['day', 'key', 'Asia/Kolkata'],
    ['day', 'client', 'America/New_York'],
  ]) {
    const path = `usage/time-series?${near}&metric=cost&interval=${interval}&groupBy=${groupBy}&timeZone=${timeZone}&top=1`;
    const { lines } = await get<UsageTimeSeriesView>(path);
    const added = lines
      .flatMap(({ nanoUsd }) => nanoUsd ?? [])
      .reduce((sum, cost) => sum + BigInt(cost), 0n);
    expect(String(added)).toBe(ledger.cost);
  }
  const listed: string[] = [];
  for (let cursor = ''; ;) {
    const page = await get<RequestPage>(`usage/requests?limit=10${cursor}`);
    listed.push(...page.items.map(({ costNanoUsd }) => costNanoUsd ?? '0'));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(listed).toHaveLength(ledger.requests);
  expect(String(listed.reduce((sum, cost) => sum + BigInt(cost), 0n))).toBe(ledger.cost);
  const rows = await app.rows();
  expect(rows).toHaveLength(ledger.requests);
  const exported = rows.reduce((sum, row) => sum + BigInt(row.cost_nano_usd ?? 0), 0n);
  expect(String(exported)).toBe(ledger.cost);
}

async function expectBudgetsAreTheirEntries(): Promise<void> {
  const { items } = await get<{ items: BudgetView[] }>('budgets');
  expect(items.map(({ scope }) => scope).toSorted()).toEqual(['client', 'key', 'provider']);
  for (const { scope, scopeId, spentNanoUsd, reservedNanoUsd } of items) {
    const column = { key: 'api_key_id', client: 'client_id', provider: 'provider', global: '' }[
      scope
    ];
    const { cost } = await ledgerSums(`${column} = '${scopeId}'`);
    expect({ scope, spentNanoUsd, reservedNanoUsd }).toEqual({
      scope,
      spentNanoUsd: cost,
      reservedNanoUsd: '0',
    });
  }
}

async function metricsCost(): Promise<{ cost: number; requests: number; unpriced: number }> {
  const metrics = parseMetrics(await (await fetch(`${app.url}/metrics`)).text());
  return {
    cost: sumOf(metrics, 'llm_proxy_cost_nano_usd_total'),
    requests: sumOf(metrics, 'llm_proxy_requests_total'),
    unpriced: sumOf(metrics, 'llm_proxy_unpriced_requests_total'),
  };
}

describe('one ledger', () => {
  it('gives one total everywhere, to the nano-dollar, after traffic of every kind', async () => {
    await sendMixedTraffic();
    await leaveEarly();
    await settleAfterInterruption();
    const ledger = await ledgerSums();
    expect(ledger).toMatchObject({ requests: 37, unpriced: 6 + 3 });
    expect(Number(ledger.cost)).toBeGreaterThan(1_000_000);
    await expectTotalsAre(ledger);
    await expectBudgetsAreTheirEntries();
    expect(await metricsCost()).toEqual({
      cost: Number(ledger.cost),
      requests: ledger.requests,
      unpriced: ledger.unpriced,
    });
  });

  it('follows corrections, and keeps counters of a process as they were', async () => {
    const before = await ledgerSums();
    const counted = await metricsCost();
    await writeFile(`${app.dataDir}/llm-proxy.yaml`, yaml('3.301'), { mode: 0o600 });
    await app.app.get(Configuration).reload();
    const exitCode = await runCli(
      ['ledger', 'reprice', '--from', '2020-01-01', '--to', '2100-01-01'],
      {
        stdout: { write: () => true },
        stderr: { write: () => true },
        environment: { DATA_DIR: app.dataDir, LLM_PROXY_CONFIG: `${app.dataDir}/llm-proxy.yaml` },
      },
    );
    expect(exitCode).toBe(0);
    const after = await ledgerSums();
    expect(after.requests).toBe(before.requests);
    expect(Number(after.cost)).toBeGreaterThan(Number(before.cost));
    await expectTotalsAre(after);
    await expectBudgetsAreTheirEntries();
    expect(await metricsCost()).toEqual(counted);
    const checked = await app.app.get(LedgerCheck).run();
    expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
  });
});
