import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { RateLimits } from '../src/limits/rates/rate-limits.js';
import type { Leg } from '../src/usage/usage-entry.js';
import { entriesOf } from './support/book-entries.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, stream, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const USAGE = vendorUsage(60, 40);
const POOR_KEY = 'key-of-poor-0123456789-0123456789-0123456789';
const RICH_KEY = 'key-of-rich-0123456789-0123456789-0123456789';

let slow: FaultUpstream;
let other: FaultUpstream;
let proxy: TestApp;
let key: string;

beforeEach(async () => {
  [slow, other] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  slow.always({ beforeHeaders: 'stall' });
  other.always(eitherForm('other', USAGE));
  const provider = (name: string, url: string) =>
    `  - { name: ${name}, type: openai, baseUrl: "${url}/v1", apiKey: key, retries: { maxAttempts: 1 }, breaker: { enabled: false } }`;
  const model = (name: string, hedge: string, more = 'fallbacks: [other/gpt-test], ') =>
    `  - { name: ${name}, targets: [{ model: slow/gpt-test }], ${more}hedge: { ${hedge} } }`;
  proxy = await TestApp.start({
    env: { LOG_LEVEL: 'silent' },
    yaml: [
      'providers:',
      provider('slow', slow.url),
      provider('other', other.url),
      'models:',
      model('raced', 'afterMs: 30, maxExtraPercent: 100'),
      model('alone', 'afterMs: 30, maxExtraPercent: 100', ''),
      model('again', 'afterMs: 30, maxExtraPercent: 100, sameTarget: true', ''),
      model('capped', 'afterMs: 1, maxExtraPercent: 20'),
      model('usual', 'afterMs: 400'),
      model('learned', 'afterMs: p95, maxExtraPercent: 100'),
      model('patient', 'afterMs: 60000, maxExtraPercent: 100'),
      'prices:',
      '  - { model: slow/gpt-test, input: 1, output: 2, perRequest: 1 }',
      '  - { model: other/gpt-test, input: 1, output: 2, perRequest: 1 }',
      'clients:',
      `  - { name: poor, apiKeys: ["${POOR_KEY}"], budget: { usd: 1.5, period: total } }`,
      `  - { name: rich, apiKeys: ["${RICH_KEY}"], budget: { usd: 100, period: total } }`,
    ].join('\n'),
  });
  key = (await proxy.app.get(ApiKeysService).createForClientName('caller')).key.reveal();
});

afterEach(async () => {
  await waitUntil(() => proxy.app.get(RateLimits).heldSlots === 0, 'every place to be free');
  await proxy.close();
  await Promise.all([slow.close(), other.close()]);
});

async function ask(model: string, more: object = {}, as = key) {
  const answer = await proxy.chat(
    { model, messages: HELLO, max_tokens: 10, ...more },
    { authorization: `Bearer ${as}` },
  );
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function rowOf({ headers }: { headers: Headers }) {
  const row = (await entriesOf(proxy, headers.get('x-request-id') as string)).at(-1);
  return { ...row, legs: JSON.parse(row?.legs ?? '[]') as Leg[] };
}

/** Answers when it is told to. */
function gated(script: FaultScript): { script: FaultScript; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { script: { ...script, gate: promise }, open: resolve };
}

describe('hedging', () => {
  it.each([false, true])('answers from whoever is first, stream: %s', async (isStream) => {
    const answer = await ask('raced', { stream: isStream });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('other');
    await slow.waitForAbort(0);
    expect([slow.requests.length, other.requests.length]).toEqual([1, 1]);
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('other');
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('2');
    expect(answer.headers.get('x-llm-proxy-route')).toBe('hedge=sent');
    const row = await rowOf(answer);
    expect(row.legs).toMatchObject([
      { provider: 'slow', status: 'aborted', hedge: true, inputTokens: 60 },
      { provider: 'other', status: 'ok', hedge: true },
    ]);
    // The row is about the one that answered, at its price.
    expect(row).toMatchObject({ status: 'ok', input_tokens: 60, output_tokens: 40 });
    expect(row.cost_nano_usd).toBe(1_000_000_000 + 60_000 + 80_000);
  });

  it('lets the first one win when it is the faster after all', async () => {
    const first = gated({ body: completion('first', USAGE) });
    slow.always(first.script);
    other.always({ beforeHeaders: 'stall' });
    const asked = ask('raced');
    await other.waitForRequest(0);
    first.open();
    const answer = await asked;
    expect(answer.text).toContain('first');
    await other.waitForAbort(0);
    expect((await rowOf(answer)).legs).toMatchObject([
      { provider: 'other', status: 'aborted', hedge: true },
      { provider: 'slow', status: 'ok', hedge: true },
    ]);
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('slow');
  });

  it('calls nobody else while the first one is fast enough', async () => {
    slow.always({ body: completion('fast', USAGE) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('patient')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect([slow.requests.length, other.requests.length]).toEqual([20, 0]);
    expect((await rowOf(answers[0]!)).legs[0]).not.toHaveProperty('hedge');
  });

  it('sends no more than its share of requests twice', { timeout: 30_000 }, async () => {
    slow.always({ delayMs: 300, body: completion('slow', USAGE) });
    other.always({ beforeHeaders: 'stall' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('capped')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect([slow.requests.length, other.requests.length]).toEqual([100, 20]);
  });

  it('spares everybody a slow tail of one in twenty', { timeout: 60_000 }, async () => {
    let called = 0;
    slow.always(() => {
      called += 1;
      return called % 20 === 0 ? { beforeHeaders: 'stall' } : { body: completion('fast', USAGE) };
    });
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (let wave = 0; wave < 20; wave += 1) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => ask('usual')))));
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(400);
    expect([slow.requests.length, other.requests.length]).toEqual([400, 20]);
    const hedged = answers.filter(({ headers }) => headers.get('x-llm-proxy-attempts') === '2');
    expect(hedged).toHaveLength(20);
    await waitUntil(
      () => slow.requests.filter(({ aborted }) => aborted).length === 20,
      'every loser to be cancelled',
    );
    expect(other.requests.filter(({ aborted }) => aborted)).toEqual([]);
    const rows = await Promise.all(hedged.map(rowOf));
    const legs = rows.flatMap((row) => row.legs).map((leg) => `${leg.provider} ${leg.status}`);
    expect(legs.filter((leg) => leg === 'slow aborted')).toHaveLength(20);
    expect(legs.filter((leg) => leg === 'other ok')).toHaveLength(20);
    const attempts = (await proxy.rows()).reduce((sum, row) => sum + row.attempts, 0);
    expect(attempts).toBe(420);
  });

  it('has a row for the input of both calls to one target', async () => {
    slow.next({ beforeHeaders: 'stall' }, { body: completion('second', USAGE) });
    const answer = await ask('again');
    expect(answer.text).toContain('second');
    expect(slow.requests).toHaveLength(2);
    await slow.waitForAbort(0);
    const row = await rowOf(answer);
    expect(row).toMatchObject({ input_tokens: 120, output_tokens: 40, estimated: 1 });
    expect(row.legs.map(({ status, inputTokens }) => [status, inputTokens])).toEqual([
      ['aborted', 60],
      ['ok', undefined],
    ]);
  });

  it('books a streamed answer as its vendor counted it, under a budget too', async () => {
    slow.next({ beforeHeaders: 'stall' }, stream(['second'], vendorUsage(5000, 900)));
    const answer = await ask('again', { stream: true }, RICH_KEY);
    expect(answer.text).toContain('[DONE]');
    expect(await rowOf(answer)).toMatchObject({
      input_tokens: 10_000,
      output_tokens: 900,
      cost_nano_usd: 1_000_000_000 + 10_000 * 1000 + 900 * 2000,
    });
  });

  it('has nobody else to call where there is one target only', async () => {
    slow.always({ delayMs: 150, body: completion('slow', USAGE) });
    expect((await ask('alone')).status).toBe(200);
    expect(slow.requests).toHaveLength(1);
  });

  it('waits for the second one when the first one fails meanwhile', async () => {
    slow.always({ delayMs: 150, status: 500, body: { error: { message: 'Oops' } } });
    other.always({ delayMs: 300, body: completion('other', USAGE) });
    const answer = await ask('raced');
    expect([answer.status, other.requests.length]).toEqual([200, 1]);
    expect((await rowOf(answer)).legs.map(({ status }) => status)).toEqual(['error', 'ok']);
  });

  it('tells what the first one failed with when the second one fails as well', async () => {
    slow.always({ delayMs: 150, status: 500, body: { error: { message: 'First' } } });
    other.always({ status: 503, body: { error: { message: 'Second' } } });
    const answer = await ask('raced');
    expect(answer.status).toBe(502);
  });

  it('spends no money twice that there is only once', async () => {
    slow.always({ delayMs: 150, body: completion('slow', USAGE) });
    const answer = await ask('raced', {}, POOR_KEY);
    expect([answer.status, other.requests.length]).toEqual([200, 0]);
  });

  it('does not ask twice for what may be paid for twice', async () => {
    slow.always({ delayMs: 150, body: { created: 1, data: [{ b64_json: 'aGk=' }] } });
    const answer = await fetch(`${proxy.url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'raced', prompt: 'a cat' }),
    });
    expect(answer.status).toBe(200);
    expect([slow.requests.length, other.requests.length]).toEqual([1, 0]);
  });

  it('learns what is slow from the times of the target', async () => {
    slow.always(stream(['quick'], USAGE));
    for (let call = 0; call < 20; call += 1) await ask('learned', { stream: true });
    expect(other.requests).toHaveLength(0);
    slow.always({ beforeHeaders: 'stall' });
    expect((await ask('learned', { stream: true })).text).toContain('other');
    expect([slow.requests.length, other.requests.length]).toEqual([21, 1]);
  });

  it('ends both calls when the client leaves', async () => {
    other.always({ beforeHeaders: 'stall' });
    const leaving = new AbortController();
    const asked = fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'raced', messages: HELLO }),
      signal: leaving.signal,
    }).catch(() => undefined);
    await other.waitForRequest(0);
    leaving.abort();
    await Promise.all([asked, slow.waitForAbort(0), other.waitForAbort(0)]);
    const rows = await waitUntil(async () => {
      const settled = await proxy.rows();
      return settled.length === 1 ? settled : undefined;
    }, 'the row');
    expect(rows).toMatchObject([{ status: 'client_aborted', attempts: 2 }]);
  });
});
