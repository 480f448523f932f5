import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { query } from './support/book-entries.js';
import { setBudgets } from './support/budgeted-app.js';
import { TestApp } from './support/test-app.js';
import { completion, stream, vendorUsage } from './support/vendor-answers.js';

const KEYS = Array.from(
  { length: 20 },
  (_, run) => `key-of-run-${run}-of-the-budget-spec-0123456789`,
);
const INPUT_PRICE = 1000;
const OUTPUT_PRICE = 2000;
const USAGE = vendorUsage(120, 77);
const COST = 120 * INPUT_PRICE + 77 * OUTPUT_PRICE;
const CALLS = 40;

const STREAM_KEYS = Array.from(
  { length: 20 },
  (_, run) => `key-of-run-${run}-of-the-streams-of-the-budget-spec-0123456789`,
);

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        {
          name: 'vendor',
          type: 'openai-compatible',
          baseUrl: upstream.url,
          retries: { maxAttempts: 1 },
        },
      ],
      prices: [
        { model: 'vendor/model', input: INPUT_PRICE / 1000, output: OUTPUT_PRICE / 1000 },
        { model: 'vendor/dear', input: 100, output: 320 },
      ],
      clients: [...KEYS, ...STREAM_KEYS].map((key, run) => ({
        name: `client ${run}`,
        apiKeys: [key],
      })),
    }),
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

function ask(key: string, body: object = {}): Promise<Response> {
  return app.chat(
    { model: 'vendor/model', messages: [{ role: 'user', content: 'x'.repeat(300) }], ...body },
    { authorization: `Bearer ${key}` },
  );
}

async function subjectsOf(key: string): Promise<{ keyId: string; clientId: string }> {
  const [row] = await query<{ api_key_id: string; client_id: string }>(
    app,
    `SELECT k.id AS api_key_id, k.client_id FROM api_keys k JOIN clients c ON c.id = k.client_id
     WHERE c.name = 'client ${[...KEYS, ...STREAM_KEYS].indexOf(key)}'`,
  );
  if (row === undefined) throw new Error('no such client');
  return { keyId: row.api_key_id, clientId: row.client_id };
}

async function spentOf(clientId: string): Promise<number> {
  const [row] = await query<{ spent: number }>(
    app,
    `SELECT SUM(cost_nano_usd) AS spent FROM usage_entries WHERE client_id = '${clientId}'`,
  );
  return row?.spent ?? 0;
}

describe('a budget for 40 calls', () => {
  it.each(KEYS)('lets 39 or 40 of 500 concurrent calls through: %s', async (key) => {
    const { keyId, clientId } = await subjectsOf(key);
    const run = KEYS.indexOf(key);
    setBudgets(app, [
      { scope: 'key', scopeId: keyId, limitNanoUsd: CALLS * COST },
      { scope: 'client', scopeId: clientId, limitNanoUsd: CALLS * COST },
      { scope: 'global', scopeId: '', limitNanoUsd: (run + 1) * CALLS * COST },
    ]);
    upstream.always({ body: completion('Yes.', USAGE), delayMs: 20 });
    const before = upstream.requests.length;
    const answers = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const answer = await ask(key, { max_tokens: 100 });
        await answer.text();
        return answer.status;
      }),
    );
    const served = answers.filter((status) => status === 200).length;
    expect(answers.filter((status) => status === 429).length).toBe(500 - served);
    expect(served).toBeLessThanOrEqual(CALLS);
    expect(served).toBeGreaterThanOrEqual(CALLS - 1);
    expect(upstream.requests.length - before).toBe(served);
    expect(await spentOf(clientId)).toBe(served * COST);
  });
});

describe('a dollar for 500 concurrent streams', () => {
  const TEXTS = Array.from({ length: 100 }, (_, index) => `word${index} `);
  const TOKENS = vendorUsage(80, 100);
  const DOLLAR = 1_000_000_000;

  it.each(STREAM_KEYS)('is never overspent, and hardly anything stays unused: %s', async (key) => {
    const { keyId } = await subjectsOf(key);
    // A stream costs 4 cents: 25 of them are a dollar.
    setBudgets(app, [{ scope: 'key', scopeId: keyId, limitNanoUsd: DOLLAR }]);
    upstream.always({ ...stream(TEXTS, TOKENS), dripMs: 1 });
    const ends = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const answer = await ask(key, {
          model: 'vendor/dear',
          stream: true,
          max_tokens: 64_000,
        });
        const text = await answer.text();
        if (answer.status !== 200) return answer.status;
        return text.endsWith('data: [DONE]\n\n')
          ? 'whole'
          : text.includes('insufficient_quota')
            ? 'ended'
            : text;
      }),
    );
    const [row] = await query<{ spent: number }>(
      app,
      `SELECT SUM(cost_nano_usd) AS spent FROM usage_entries WHERE api_key_id = '${keyId}'`,
    );
    expect(ends.filter((end) => ![429, 'whole', 'ended'].includes(end))).toEqual([]);
    expect(row?.spent).toBeLessThanOrEqual(DOLLAR);
    expect(row?.spent).toBeGreaterThanOrEqual(0.95 * DOLLAR);
  });
});
