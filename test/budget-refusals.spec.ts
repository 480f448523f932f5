import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetAlerts, type BudgetAlert } from '../src/limits/budgets/budget-alerts.js';
import { BudgetBalances } from '../src/limits/budgets/budget-balances.js';
import { LimitRules } from '../src/limits/rules/limit-rules.js';
import type { BudgetScope } from '../src/limits/rules/budget-rule.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { query } from './support/book-entries.js';
import { setBudgets } from './support/budgeted-app.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, stream, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'key-of-the-budget-refusals-spec-0123456789';
/** A thousand nano-USD a token in, two thousand out. */
const COST = 20 * 1000 + 10 * 2000;
const USAGE = vendorUsage(20, 10);

let upstream: FaultUpstream;
let other: FaultUpstream;
let app: TestApp;
let keyId: string;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  other = await FaultUpstream.start();
  app = await TestApp.start({
    env: { BUDGET_WAIT_MS: '300' },
    yaml: JSON.stringify({
      providers: [
        {
          name: 'vendor',
          type: 'openai-compatible',
          baseUrl: upstream.url,
          retries: { maxAttempts: 1 },
        },
        {
          name: 'other',
          type: 'openai-compatible',
          baseUrl: other.url,
          retries: { maxAttempts: 1 },
        },
      ],
      models: [
        { name: 'either', targets: [{ model: 'vendor/model' }], fallbacks: ['other/model'] },
      ],
      prices: [
        ...['vendor', 'other'].map((name) => ({ model: `${name}/model`, input: 1, output: 2 })),
        { model: 'vendor/pixels', input: 5, inputImage: 8, output: 10, outputImage: 32 },
      ],
      clients: [{ name: 'caller', apiKeys: [KEY] }],
    }),
  });
  const [row] = await query<{ id: string }>(
    app,
    `SELECT k.id FROM api_keys k JOIN clients c ON c.id = k.client_id WHERE c.name = 'caller'`,
  );
  keyId = row?.id ?? '';
  upstream.always({ body: completion('Yes.', USAGE) });
  other.always({ body: completion('Also yes.', USAGE) });
});

afterEach(async () => {
  await app.close();
  await upstream.close();
  await other.close();
});

function ask(body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return app.chat(
    { model: 'vendor/model', messages: [{ role: 'user', content: 'Well?' }], ...body },
    { authorization: `Bearer ${KEY}`, ...headers },
  );
}

function limit(limitNanoUsd: number, scope: BudgetScope = 'key', scopeId = keyId): void {
  setBudgets(app, [{ scope, scopeId, limitNanoUsd, alertPercents: [50, 100] }]);
}

async function sent(at = upstream): Promise<Record<string, unknown>> {
  return JSON.parse(at.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;
}

describe('a request without money', () => {
  it('is refused for good, before anybody is asked and without a row', async () => {
    limit(0);
    const answer = await ask();
    expect(answer.status).toBe(429);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(await answer.json()).toMatchObject({
      error: {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: expect.stringMatching(/budget of this API key .* resets at \d{4}-/) as string,
      },
    });
    expect(upstream.requests).toEqual([]);
    expect(await app.rows()).toEqual([]);
  });

  it('is refused when its model has no price', async () => {
    limit(1_000_000_000);
    const answer = await ask({ model: 'vendor/unheard-of' });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({
      error: { code: 'insufficient_quota', message: expect.stringContaining('no price') as string },
    });
    expect(upstream.requests).toEqual([]);
  });

  it('is told to come back when others hold the money', async () => {
    // Enough for one answer of a model that nothing is known of, and not for two.
    limit(200_000);
    const gate = Promise.withResolvers<void>();
    upstream.always({ body: completion('Yes.', USAGE), gate: gate.promise });
    const first = ask({ max_tokens: 64 });
    await upstream.waitForRequest(0);
    const second = await ask({ max_tokens: 64 });
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    gate.resolve();
    expect((await first).status).toBe(200);
    expect((await ask({ max_tokens: 64 })).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('an answer that the money does not reach for', () => {
  it('is asked for shorter, and its client is told', async () => {
    limit(1_000_000);
    const answer = await ask({ max_tokens: 50_000 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('max_tokens=approximated');
    const { max_tokens: most } = await sent();
    expect(most).toBeGreaterThanOrEqual(64);
    expect(Number(most) * 2000).toBeLessThanOrEqual(1_000_000);
  });

  it('is refused to a client that wants nothing changed', async () => {
    limit(1_000_000);
    const answer = await ask({ max_tokens: 50_000 }, { 'x-llm-proxy-translation': 'strict' });
    expect(answer.status).toBe(400);
    expect(upstream.requests).toEqual([]);
  });

  it('is left alone where there is enough', async () => {
    limit(1_000_000_000);
    const answer = await ask({ max_tokens: 5000 });
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
    expect(await sent()).toMatchObject({ max_tokens: 5000 });
  });

  it('ends in the middle of a stream, settled at what was relayed and closed upstream', async () => {
    limit(200_000);
    const texts = Array.from({ length: 400 }, () => 'word ');
    upstream.always({ ...stream(texts, vendorUsage(20, 400)), dripMs: 1 });
    const answer = await ask({ stream: true });
    const text = await answer.text();
    expect(text).toContain('"code":"insufficient_quota"');
    expect(text).not.toContain('[DONE]');
    await upstream.waitForAbort(0);
    const [row] = await app.rows();
    expect(row).toMatchObject({ status: 'error', error_code: 'insufficient_quota' });
    const relayed = text.match(/word /g)?.length ?? 0;
    expect(relayed).toBeGreaterThan(50);
    expect(row?.output_tokens).toBeGreaterThanOrEqual(relayed);
    expect(row?.output_tokens).toBeLessThanOrEqual(Math.ceil((relayed * 5) / 4));
    expect(row?.cost_nano_usd).toBeLessThanOrEqual(200_000);
  });

  it('is never booked above its budget, however many tokens a character has', async () => {
    limit(200_000);
    // Rare characters have several tokens each; the meter takes four characters for one.
    const texts = Array.from({ length: 200 }, () => '𓀀𒀀𐎠'.repeat(10));
    upstream.always({ ...stream(texts, vendorUsage(20, 9000)), dripMs: 1 });
    const answer = await ask({ stream: true });
    expect(await answer.text()).toContain('"code":"insufficient_quota"');
    const [row] = await app.rows();
    expect(row).toMatchObject({ status: 'error', estimated: true });
    expect(row?.cost_nano_usd).toBeGreaterThan(20_000);
    expect(row?.cost_nano_usd).toBeLessThanOrEqual(200_000);
  });
});

describe('a provider whose budget is gone', () => {
  it('is passed over, and the other one is asked', async () => {
    limit(0, 'provider', 'vendor');
    expect((await ask()).status).toBe(429);
    const answer = await ask({ model: 'either' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('other');
    expect(upstream.requests).toEqual([]);
  });

  it('is passed over as a fallback, and the client is told why nobody answers', async () => {
    limit(0, 'provider', 'other');
    upstream.always({ status: 500, body: { error: { message: 'broken' } } });
    const answer = await ask({ model: 'either' });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect(other.requests).toEqual([]);
  });

  it('gets the cost of what it answered as a fallback', async () => {
    limit(1_000_000_000, 'provider', 'other');
    upstream.always({ status: 500, body: { error: { message: 'broken' } } });
    expect((await ask({ model: 'either' })).status).toBe(200);
    expect(await balance('provider', 'other')).toMatchObject({
      spentNanoUsd: COST,
      reservedNanoUsd: 0,
    });
  });
});

async function balance(scope: BudgetScope, scopeId: string) {
  const rules = app.app.get(LimitRules).budgetsOf(scope, scopeId);
  const balances = await app.app.get(BudgetBalances).of(rules);
  return balances.get(rules[0]?.id ?? '');
}

describe('what is said of a budget', () => {
  it('is what its requests cost and what they hold', async () => {
    await ask();
    // Made later than its first cost.
    limit(10_000_000);
    expect(await balance('key', keyId)).toMatchObject({ spentNanoUsd: COST, reservedNanoUsd: 0 });
    const gate = Promise.withResolvers<void>();
    upstream.always({ body: completion('Yes.', USAGE), gate: gate.promise });
    const asked = ask({ max_tokens: 100 });
    await upstream.waitForRequest(1);
    const standing = await balance('key', keyId);
    expect(standing?.spentNanoUsd).toBe(COST);
    expect(standing?.reservedNanoUsd).toBeGreaterThanOrEqual(100 * 2000);
    gate.resolve();
    await asked;
    expect(await balance('key', keyId)).toMatchObject({
      spentNanoUsd: 2 * COST,
      reservedNanoUsd: 0,
    });
    const checked = await app.app.get(LedgerCheck).run();
    expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
    // What was taken ahead of need has been given back within a second.
    await waitUntil(async () => {
      const [row] = await query<{ granted: number }>(
        app,
        'SELECT COALESCE(SUM(granted_nano_usd), 0) AS granted FROM budget_grants_now',
      );
      return row?.granted === 0;
    }, 'the slack to be given back');
  });

  it('is told once when a threshold is reached', async () => {
    const alerts: BudgetAlert[] = [];
    app.app.get(BudgetAlerts).alerts.subscribe((alert) => alerts.push(alert));
    limit(Math.floor(1.9 * 4 * COST));
    for (let call = 0; call < 6; call += 1) await ask({ max_tokens: 10 });
    await waitUntil(() => alerts.length > 0, 'the threshold to be told');
    await ask({ max_tokens: 10 });
    expect(alerts.map(({ percent }) => percent)).toEqual([50]);
    const told = app.logLines.filter((line) => line.includes('a threshold of a budget'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ scope: 'key', scopeId: keyId, percent: 50 });
  });
});

describe('thresholds of several budgets', () => {
  let alerts: BudgetAlert[];
  const told = () => alerts.map(({ rule, percent }) => `${rule.id} ${percent}`).sort();

  beforeEach(() => {
    alerts = [];
    app.app.get(BudgetAlerts).alerts.subscribe((alert) => alerts.push(alert));
  });

  it('of one subject and period are each told, whatever the others said', async () => {
    const of = (id: string, calls: number, alertPercents: number[]) => ({
      id,
      scope: 'key' as const,
      scopeId: keyId,
      limitNanoUsd: calls * COST,
      alertPercents,
    });
    // Reached by the second, the third and the fourth call, in percentages that fall.
    setBudgets(app, [of('small', 10, [20]), of('middle', 20, [15]), of('large', 40, [10, 90])]);
    for (let call = 0; call < 4; call += 1) {
      expect((await ask({ max_tokens: 10 })).status).toBe(200);
      await waitUntil(() => alerts.length >= call, 'the threshold to be told');
    }
    await waitUntil(() => alerts.length === 3, 'the last threshold to be told');
    expect(told()).toEqual(['large 10', 'middle 15', 'small 20']);
  });

  it('are told again of a budget that got another amount', async () => {
    limit(4 * COST);
    for (let call = 0; call < 2; call += 1) await ask({ max_tokens: 10 });
    await waitUntil(() => alerts.length === 1, 'the first threshold to be told');
    limit(40 * COST);
    for (let call = 0; call < 18; call += 1) await ask({ max_tokens: 10 });
    await waitUntil(() => alerts.length === 2, 'the same threshold of more money to be told');
    expect(alerts.map(({ percent, rule }) => [percent, rule.limitNanoUsd / COST])).toEqual([
      [50, 4],
      [50, 40],
    ]);
  });
});

describe('pictures that are priced by the token', () => {
  /** More than 8,192 tokens in and out at the dearest rates. */
  const ENOUGH = 400_000_000;
  const picture = () =>
    fetch(`${app.url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'vendor/pixels', prompt: 'A town.' }),
    });

  beforeEach(() => {
    const usage = { input_tokens: 10, output_tokens: 6208, total_tokens: 6218 };
    upstream.always({ body: { created: 1, data: [{ b64_json: 'AA' }], usage } });
  });

  it('are made where the budget has enough for the largest', async () => {
    limit(ENOUGH);
    expect((await picture()).status).toBe(200);
    const [row] = await app.rows();
    expect(row).toMatchObject({ dialect: 'images', output_tokens: 6208, status: 'ok' });
    expect(row?.cost_nano_usd).toBeLessThanOrEqual(ENOUGH);
  });

  it('are refused, before anybody is asked, where it has not', async () => {
    limit(100_000_000);
    const answer = await picture();
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect(upstream.requests).toEqual([]);
  });
});
