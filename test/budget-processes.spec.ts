import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { query } from './support/book-entries.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { ProxyProcess, START_TIMEOUT_MS } from './support/proxy-process.js';
import { TestApp } from './support/test-app.js';
import { completion, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'key-of-the-budget-processes-spec-0123456789';
const COST = 120 * 1000 + 77 * 2000;
const CALLS = 40;

let upstream: FaultUpstream;
let folder: string;
let yaml: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  upstream.always({ body: completion('Yes.', vendorUsage(120, 77)), delayMs: 10 });
  folder = await mkdtemp(join(tmpdir(), 'llm-proxy-budgets-'));
  yaml = JSON.stringify({
    providers: [
      {
        name: 'vendor',
        type: 'openai-compatible',
        baseUrl: upstream.url,
        retries: { maxAttempts: 1 },
      },
    ],
    prices: [{ model: 'vendor/model', input: 1, output: 2 }],
    clients: [
      {
        name: 'caller',
        apiKeys: [KEY],
        budget: { usd: ((CALLS * COST) / 1e9).toFixed(9), period: 'total' },
      },
    ],
  });
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

async function startProcess(): Promise<ProxyProcess> {
  const proxy = await ProxyProcess.start({ dataDir: folder, yaml });
  closing.push(() => proxy.kill());
  return proxy;
}

/** The status, or 0 where the connection broke. */
async function ask({ url }: ProxyProcess): Promise<number> {
  try {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'vendor/model',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'x'.repeat(300) }],
      }),
    });
    await answer.text();
    return answer.status;
  } catch {
    return 0;
  }
}

function askMany(proxy: ProxyProcess, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => ask(proxy)));
}

const served = (statuses: readonly number[]): number =>
  statuses.filter((status) => status === 200).length;

/** What the budget has spent, by an app that starts over the same data and finds the books sound. */
async function spent(): Promise<number> {
  const app = await TestApp.start({ dataDir: folder, yaml });
  closing.push(() => app.close());
  const checked = await app.app.get(LedgerCheck).run();
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
  const [row] = await query<{ spent: number }>(
    app,
    `SELECT spent_nano_usd AS spent FROM budget_counters_now WHERE subject LIKE 'client:%'`,
  );
  return row?.spent ?? 0;
}

describe('a budget over several processes', () => {
  it(
    'is kept by both together, and used up',
    async () => {
      const proxies = [await startProcess(), await startProcess()];
      const statuses = (await Promise.all(proxies.map((proxy) => askMany(proxy, 250)))).flat();
      expect(served(statuses)).toBeLessThanOrEqual(CALLS);
      expect(served(statuses)).toBeGreaterThanOrEqual(CALLS - 1);
      expect(upstream.requests).toHaveLength(served(statuses));
      for (const proxy of proxies) await proxy.kill();
      expect(await spent()).toBe(served(statuses) * COST);
    },
    START_TIMEOUT_MS,
  );

  it(
    'survives a process that is killed with money in its hands',
    async () => {
      const [victim, survivor] = [await startProcess(), await startProcess()];
      const lost = askMany(victim, 100);
      await waitUntil(() => upstream.requests.length >= 12, 'calls of the victim');
      await victim.kill();
      const before = served(await lost);
      const after = await waitUntil(
        async () => {
          const statuses = await askMany(survivor, 50);
          return statuses.includes(429) && served(statuses) === 0 && statuses;
        },
        'the budget to be used up',
        60_000,
      );
      expect(after.every((status) => status === 429)).toBe(true);
      await survivor.kill();
      const total = await spent();
      expect(total).toBeLessThanOrEqual(CALLS * COST);
      expect(total).toBeGreaterThan((CALLS - 2) * COST);
      expect(before).toBeLessThan(CALLS);
    },
    START_TIMEOUT_MS,
  );
});
