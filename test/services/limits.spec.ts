import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { LimitRules } from '../../src/limits/rules/limit-rules.js';
import { query } from '../support/book-entries.js';
import { TestApp } from '../support/test-app.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

const FILE_KEY = 'key-of-the-configuration-file-0123456789';
const YAML = `
providers: [{ name: one, type: simulated }]
prices: [{ model: one/echo, input: 1, output: 1 }]
clients: [{ name: ci, apiKeys: [{ key: "${FILE_KEY}", budget: { usd: 5, period: day, timeZone: Asia/Kathmandu } }] }]
`;

/** Two replicas see each other's changes by the poll or the bus. */
const SOON = { timeout: 5_000 };

let database: TestPostgres;
let first: TestApp;
let second: TestApp;

beforeAll(async () => {
  database = await createTestPostgres();
  const env = { DATABASE_URL: database.url, KEY_PEPPER: 'pepper-of-both-replicas-0123456789' };
  first = await TestApp.start({ yaml: YAML, env });
  second = await TestApp.start({ yaml: YAML, env });
});

afterAll(async () => {
  await first.close();
  await second.close();
  await database.drop();
});

const rulesOf = (app: TestApp) => app.app.get(LimitRules, { strict: false });

async function call<Body>(app: TestApp, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${app.url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${first.adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

describe('limits and budgets in PostgreSQL', () => {
  it('hold on every replica, once however many set them at once', async () => {
    const limit = { scope: 'provider', scopeId: 'one', tokensPerMinute: 1_000_000_000_000 };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        call<{ id: string }>(index % 2 === 0 ? first : second, 'PUT', 'limits', limit),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    for (const app of [first, second]) {
      await expect
        .poll(() => rulesOf(app).limitsOf('provider', 'one'), SOON)
        .toMatchObject([{ tokensPerMinute: 1_000_000_000_000 }]);
    }

    const budget = { scope: 'global', period: 'total', limitUsd: 9_000_000 };
    const made = await Promise.all(
      [first, second, first, second].map((app) => call(app, 'POST', 'budgets', budget)),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(made.filter(({ status }) => status === 409)).toHaveLength(3);
    for (const app of [first, second]) {
      await expect
        .poll(() => rulesOf(app).budgetsOf('global', ''), SOON)
        .toMatchObject([{ limitNanoUsd: 9e15 }]);
    }
  });

  it('tell what was spent by the key of the file', async () => {
    const answer = await fetch(`${first.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${FILE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'one/echo', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    const [row] = await query<{ cost: string }>(
      first,
      `SELECT SUM(cost_nano_usd) AS cost FROM usage_entries WHERE kind = 'settled'`,
    );
    expect(Number(row?.cost)).toBeGreaterThan(0);
    const { body } = await call<{ items: { scope: string; spentNanoUsd: string }[] }>(
      second,
      'GET',
      'budgets',
    );
    const spent = Object.fromEntries(body.items.map((each) => [each.scope, each.spentNanoUsd]));
    expect(spent).toEqual({ global: String(row?.cost), key: String(row?.cost) });
    const keys = await first.app.get(ApiKeysService, { strict: false }).list();
    expect(keys.some(({ source }) => source === 'config')).toBe(true);
  });
});
