import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.service.js';
import { BudgetBalances } from '../src/limits/budgets/budget-balances.js';
import { LimitRules } from '../src/limits/rules/limit-rules.js';
import { message } from '../src/providers/anthropic/anthropic-answers.contract.js';
import { query } from './support/book-entries.js';
import { setBudgets } from './support/budgeted-app.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream, type RecordedRequest } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, stream, vendorUsage } from './support/vendor-answers.js';

const KEY = 'key-of-the-budget-ceilings-spec-0123456789';
const OUTPUT_PRICE = 2000;
/** What a vendor writes that is told no maximum. */
const ENDLESS = 100_000;
/** What is held where nobody says how long an answer can be. */
const ASSUMED = 16_384;
const TIERED = {
  model: 'vendor/tiered',
  input: 1,
  output: OUTPUT_PRICE / 1000,
  tiers: { priority: { input: 10, output: (10 * OUTPUT_PRICE) / 1000 } },
};
const OLDER_CLAUDE = 'claude/claude-sonnet-4-5';

let upstream: FaultUpstream;
let app: TestApp;
let keyId: string;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  const instance = { apiKey: 'sk-vendor-0123456789', retries: { maxAttempts: 1 } };
  app = await TestApp.start({
    env: { BUDGET_WAIT_MS: '2000' },
    yaml: JSON.stringify({
      providers: [
        { ...instance, name: 'vendor', type: 'openai-compatible', baseUrl: `${upstream.url}/v1` },
        { ...instance, name: 'native', type: 'openai', baseUrl: `${upstream.url}/v1` },
        { ...instance, name: 'claude', type: 'anthropic', baseUrl: upstream.url },
      ],
      prices: ['vendor/model', 'native/model', OLDER_CLAUDE]
        .map((model) => ({
          model,
          input: 1,
          output: OUTPUT_PRICE / 1000,
        }))
        .concat(TIERED),
      clients: [{ name: 'caller', apiKeys: [KEY] }],
    }),
  });
  const [row] = await query<{ id: string }>(
    app,
    `SELECT k.id FROM api_keys k JOIN clients c ON c.id = k.client_id WHERE c.name = 'caller'`,
  );
  keyId = row?.id ?? '';
  upstream.always(writeAllThatIsAllowed);
});

afterEach(async () => {
  await app.close();
  await upstream.close();
});

interface Sent {
  n?: number;
  stream?: boolean;
  max_tokens?: number;
  max_completion_tokens?: number;
  max_output_tokens?: number;
  thinking?: { type: string; budget_tokens?: number };
}

/** The longest answer that the request allows, all of it billed. */
function writeAllThatIsAllowed({ path, body }: RecordedRequest): FaultScript {
  const sent = JSON.parse(body) as Sent;
  const most = sent.max_output_tokens ?? sent.max_completion_tokens ?? sent.max_tokens ?? ENDLESS;
  if (path === '/v1/messages') {
    const usage = { input_tokens: 5, output_tokens: most };
    return { body: message([{ type: 'text', text: 'Yes.' }], 'max_tokens', { usage }) };
  }
  if (path.startsWith('/v1/responses')) {
    const usage = { input_tokens: 5, output_tokens: most, total_tokens: 5 + most };
    return { body: { id: 'resp_1', object: 'response', status: 'completed', output: [], usage } };
  }
  const usage = vendorUsage(5, most * (sent.n ?? 1));
  return sent.stream === true
    ? stream(['Yes.'], vendorUsage(5, 1))
    : { body: completion('Yes.', usage) };
}

function limit(limitNanoUsd: number): void {
  setBudgets(app, [{ scope: 'key', scopeId: keyId, limitNanoUsd }]);
}

function ask(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

const chat = (model: string, body: object, headers?: Record<string, string>) =>
  ask('chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...body }, headers);

function sent(): Sent[] {
  return upstream.requests.map(({ body }) => JSON.parse(body) as Sent);
}

async function spent(): Promise<number> {
  const rows = await app.rows();
  return rows.reduce((sum, { cost_nano_usd: cost }) => sum + Number(cost ?? 0), 0);
}

async function reserved(): Promise<number | undefined> {
  const rules = app.app.get(LimitRules).budgetsOf('key', keyId);
  const balances = await app.app.get(BudgetBalances).of(rules);
  return balances.get(rules[0]?.id ?? '')?.reservedNanoUsd;
}

describe('thinking that comes on top of what a client allows', () => {
  const efforts = ['minimal', 'low', 'high', 'max'];

  it.each(
    [1, 3, 10, 40, 100, 300].flatMap((million) => efforts.map((effort) => [million, effort])),
  )('never costs more than a budget of %i million nano-USD has: %s', async (million, effort) => {
    const limitNanoUsd = Number(million) * 1_000_000;
    limit(limitNanoUsd);
    const body = { max_completion_tokens: 300, reasoning_effort: effort };
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 6 }, () => chat(OLDER_CLAUDE, body)));
      await Promise.all(answers.map((answer) => answer.text()));
      expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    }
    expect(await spent()).toBeLessThanOrEqual(limitNanoUsd);
    expect(upstream.requests.length).toBeGreaterThan(0);
    for (const { thinking, max_tokens: most = 0 } of sent()) {
      if (thinking?.type !== 'enabled') continue;
      expect(thinking.budget_tokens).toBeGreaterThanOrEqual(1024);
      expect(thinking.budget_tokens).toBeLessThan(most);
    }
  });

  it('is held for, and left as it is, where there is money', async () => {
    limit(1_000_000_000);
    const gate = Promise.withResolvers<void>();
    const usage = { input_tokens: 5, output_tokens: 6700 };
    upstream.always({ body: message([], 'end_turn', { usage }), gate: gate.promise });
    const asked = chat(OLDER_CLAUDE, { max_completion_tokens: 300, reasoning_effort: 'low' });
    await upstream.waitForRequest(0);
    expect(sent()[0]).toMatchObject({
      max_tokens: 6700,
      thinking: { type: 'enabled', budget_tokens: 6400 },
    });
    expect(await reserved()).toBeGreaterThanOrEqual(6700 * OUTPUT_PRICE);
    gate.resolve();
    const answer = await asked;
    expect(answer.headers.get('x-llm-proxy-translation')).toBe(
      'reasoning_effort=mapped,max_completion_tokens=approximated',
    );
    expect(await reserved()).toBe(0);
  });

  it('has its share of an answer that the client set no end to', async () => {
    limit(1_000_000_000);
    const answer = await chat(OLDER_CLAUDE, { reasoning_effort: 'high' });
    expect(answer.status).toBe(200);
    const [{ max_tokens: most = 0, thinking } = {}] = sent();
    expect(most).toBe(ASSUMED);
    expect(thinking).toEqual({ type: 'enabled', budget_tokens: Math.floor(ASSUMED * 0.6) });
    expect(await spent()).toBe(5 * 1000 + ASSUMED * OUTPUT_PRICE);
  });

  it('is held to the same over the Responses API', async () => {
    limit(10_000_000);
    const body = { max_output_tokens: 300, reasoning: { effort: 'high' }, input: 'Hi' };
    const answer = await ask('responses', { model: OLDER_CLAUDE, ...body });
    expect(answer.status).toBe(200);
    expect(await spent()).toBeLessThanOrEqual(10_000_000);
  });
});

describe('an answer whose longest nobody states', () => {
  it.each([
    ['chat/completions', 'vendor/model', { messages: [{ role: 'user', content: 'Hi' }] }],
    ['chat/completions', 'native/model', { messages: [{ role: 'user', content: 'Hi' }] }],
    ['responses', 'vendor/model', { input: 'Hi' }],
    ['responses', 'native/model', { input: 'Hi' }],
  ])('is asked for as long as what is held pays for: %s of %s', async (path, model, body) => {
    // More than is assumed, and much less than the vendor would write.
    const limitNanoUsd = 8 * ASSUMED * OUTPUT_PRICE + 1_000_000;
    limit(limitNanoUsd);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(path, { model, ...body })),
    );
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(await spent()).toBeLessThanOrEqual(limitNanoUsd);
    const answered = answers.find(({ status }) => status === 200);
    expect(answered?.headers.get('x-llm-proxy-translation')).toContain('max_tokens=approximated');
  });

  it('is bounded at what is assumed, over all choices, where money is plenty', async () => {
    limit(1_000_000_000_000);
    await chat('vendor/model', {});
    await chat('vendor/model', { n: 4 });
    expect(sent().map((body) => body.max_completion_tokens)).toEqual([ASSUMED, ASSUMED / 4]);
  });

  it('is refused to a client that wants nothing changed, until it says how long it may be', async () => {
    limit(1_000_000_000_000);
    const strict = { 'x-llm-proxy-translation': 'strict' };
    const refused = await chat('vendor/model', {}, strict);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: 'unsupported_parameter', param: 'max_tokens' },
    });
    expect(upstream.requests).toEqual([]);
    expect((await chat('vendor/model', { max_tokens: 100 }, strict)).status).toBe(200);
  });

  it('is left alone without a budget, and where the vendor says how long it can be', async () => {
    await chat('vendor/model', {});
    limit(1_000_000_000_000);
    app.app.get(Catalog).registerModels('vendor', [{ id: 'model', maxOutputTokens: ENDLESS }]);
    const answer = await chat('vendor/model', {});
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
    for (const body of sent()) {
      expect(body).not.toHaveProperty('max_tokens');
      expect(body).not.toHaveProperty('max_completion_tokens');
    }
  });
});

describe('a stream that costs more than is seen of it', () => {
  /** Thinks unseen for as long as it is allowed, and says one word. */
  function thinkUnseen({ body }: RecordedRequest): FaultScript {
    const sent = JSON.parse(body) as Sent;
    const most = sent.max_completion_tokens ?? sent.max_tokens ?? ENDLESS;
    const usage = vendorUsage(5, most, { reasoning: most - 1 });
    return { ...stream(['Yes.'], usage), dripMs: 5 };
  }

  const streamed = async (body: object = {}) => {
    const answer = await chat('vendor/model', { stream: true, ...body });
    return { answer, text: await answer.text() };
  };

  it.each([1, 20, 400])('never overshoots a budget of %i million nano-USD', async (million) => {
    upstream.always(thinkUnseen);
    limit(million * 1_000_000);
    for (let round = 0; round < 3; round += 1) {
      const ends = await Promise.all(Array.from({ length: 12 }, () => streamed()));
      expect(ends.filter(({ answer }) => ![200, 429].includes(answer.status))).toEqual([]);
    }
    expect(await spent()).toBeLessThanOrEqual(million * 1_000_000);
    expect(await spent()).toBeGreaterThan(million * 500_000);
  });

  it('is asked for as long as it may be where nothing is known, and left alone afterwards', async () => {
    limit(1_000_000_000_000);
    upstream.always(stream(Array(20).fill('word '), vendorUsage(5, 20)));
    for (let call = 0; call < 2; call += 1) {
      const { answer, text } = await streamed();
      expect(text).toContain('[DONE]');
      expect(answer.headers.get('x-llm-proxy-translation')).toBe(
        call === 0 ? 'max_tokens=approximated' : '',
      );
    }
    expect(sent().map((body) => body.max_completion_tokens)).toEqual([131_072, undefined]);
  });

  it('is left as it came where there is money for all of it', async () => {
    upstream.always(thinkUnseen);
    limit(1_000_000_000);
    for (let call = 0; call < 2; call += 1) {
      const { answer, text } = await streamed({ max_tokens: 5000 });
      expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
      expect(text).toContain('[DONE]');
    }
    expect(sent()).toMatchObject([{ max_tokens: 5000 }, { max_tokens: 5000 }]);
    expect(await spent()).toBe(2 * (5 * 1000 + 5000 * OUTPUT_PRICE));
  });
});

describe('several answers to one request', () => {
  it.each([
    ['each as long as the model can write', {}, 3 * 1000],
    ['each as long as the client allows', { max_tokens: 800 }, 3 * 800],
    [
      'each as long as the model can write, whatever the client allows',
      { max_tokens: 5000 },
      3 * 1000,
    ],
  ])('are held for, %s', async (_, body, tokens) => {
    app.app.get(Catalog).registerModels('vendor', [{ id: 'model', maxOutputTokens: 1000 }]);
    limit(1_000_000_000);
    const gate = Promise.withResolvers<void>();
    upstream.always({ body: completion('Yes.', vendorUsage(5, tokens)), gate: gate.promise });
    const asked = chat('vendor/model', { n: 3, ...body });
    await upstream.waitForRequest(0);
    expect(await reserved()).toBeGreaterThanOrEqual(tokens * OUTPUT_PRICE);
    expect(await reserved()).toBeLessThan((tokens + 100) * OUTPUT_PRICE);
    gate.resolve();
    expect((await asked).headers.get('x-llm-proxy-translation')).toBe('');
  });
});

describe('a price with several service tiers', () => {
  it('is held at the dearest and settled at the one that was served', async () => {
    limit(1_000_000_000);
    const gate = Promise.withResolvers<void>();
    const body = { ...completion('Yes.', vendorUsage(5, 100)), service_tier: 'default' };
    upstream.always({ body, gate: gate.promise });
    const asked = chat('vendor/tiered', { max_tokens: 100 });
    await upstream.waitForRequest(0);
    expect(await reserved()).toBeGreaterThanOrEqual(100 * 10 * OUTPUT_PRICE);
    gate.resolve();
    expect((await asked).status).toBe(200);
    expect(await spent()).toBe(5 * 1000 + 100 * OUTPUT_PRICE);
    expect(await reserved()).toBe(0);
  });
});

describe('a compacted conversation, which cannot be asked for shorter', () => {
  it('holds what is assumed in full, and is sent as it came', async () => {
    limit(ASSUMED * OUTPUT_PRICE);
    const refused = await ask('responses/compact', { model: 'native/model', input: 'Hi' });
    expect(refused.status).toBe(429);
    expect(upstream.requests).toEqual([]);
    limit(1_000_000_000);
    const answer = await ask('responses/compact', { model: 'native/model', input: 'Hi' });
    expect(answer.headers.get('x-llm-proxy-translation')).not.toContain('max_tokens');
    expect(sent()[0]).not.toHaveProperty('max_output_tokens');
  });
});
