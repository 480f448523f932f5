import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { query } from './support/book-entries.js';
import { setBudgets } from './support/budgeted-app.js';
import { TestApp } from './support/test-app.js';
import { completion, vendorUsage } from './support/vendor-answers.js';

const KEYS = Array.from(
  { length: 20 },
  (_, run) => `key-of-run-${run}-of-the-budget-spec-0123456789`,
);
const INPUT_PRICE = 1000;
const OUTPUT_PRICE = 2000;
const USAGE = vendorUsage(120, 77);
const COST = 120 * INPUT_PRICE + 77 * OUTPUT_PRICE;
const CALLS = 40;

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
      prices: [{ model: 'vendor/model', input: INPUT_PRICE / 1000, output: OUTPUT_PRICE / 1000 }],
      clients: KEYS.map((key, run) => ({ name: `client ${run}`, apiKeys: [key] })),
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
     WHERE c.name = 'client ${KEYS.indexOf(key)}'`,
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
