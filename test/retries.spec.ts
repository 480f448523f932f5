import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOCK, type Clock } from '../src/common/clock.js';
import { FAULT_ERROR } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const STOPPED = 'x-llm-proxy-retries-stopped';

let upstream: FaultUpstream;
let second: FaultUpstream;
let proxy: TestApp;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  second = await FaultUpstream.start();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await proxy.close();
  await upstream.close();
  await second.close();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const instance = (name: string, { url }: FaultUpstream, more = 'apiKey: provider-key-1234') =>
    `  - { name: ${name}, type: openai-compatible, baseUrl: "${url}", retries: { maxAttempts: 3, baseMs: 1 }, breaker: { enabled: false }, ${more} }`;
  proxy = await TestApp.start({
    env: {
      UPSTREAM_MAX_CONNECTIONS: '1200',
      LOG_LEVEL: 'silent',
      RETRY_BUDGET_PERCENT: '20',
      ...env,
    },
    yaml: [
      'providers:',
      instance('one', upstream),
      instance('two', second),
      instance('many', upstream, 'apiKeys: [key-a-1234, key-b-1234, key-c-1234]'),
      instance('hurried', upstream, 'apiKey: provider-key-1234, timeouts: { totalMs: 400 }'),
      'models:',
      '  - { name: either, targets: [{ model: one/model }], fallbacks: [two/model] }',
      '  - { name: keys, targets: [{ model: many/model }], fallbacks: [two/model] }',
    ].join('\n'),
  });
}

async function ask(model: string, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await proxy.chat({ model, messages: HELLO }, headers);
  await answer.arrayBuffer();
  return answer;
}

/** All at once, within one window of the budget; nobody is answered before all have come. */
async function askTogether(count: number, model: string): Promise<Response[]> {
  const clock = proxy.app.get<Clock>(CLOCK);
  vi.spyOn(clock, 'now').mockReturnValue(clock.now());
  const gate = Promise.withResolvers<void>();
  upstream.always({ status: 500, body: FAULT_ERROR, gate: gate.promise });
  const answers = Array.from({ length: count }, () => ask(model));
  await upstream.waitForRequest(count - 1);
  gate.resolve();
  return Promise.all(answers);
}

const keysUsed = () =>
  upstream.requests.map(({ headers }) => String(headers.authorization).slice('Bearer '.length));

describe('the budget of retries', () => {
  it('makes 1,200 calls of 1,000 requests that all fail', async () => {
    await start();
    const answers = await askTogether(1_000, 'one/model');
    expect(upstream.requests).toHaveLength(1_200);
    expect(answers.every(({ status }) => status === 502)).toBe(true);
    // Whoever was allowed all three calls was not stopped by the budget.
    const stopped = answers.filter(({ headers }) => headers.get(STOPPED) === 'budget');
    expect(stopped.length).toBeGreaterThanOrEqual(800);
    const rows = await proxy.rows();
    expect(rows).toHaveLength(1_000);
    expect(rows.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(1_200);
  });

  it('counts fallbacks that fail, too', async () => {
    await start();
    second.always({ status: 500, body: FAULT_ERROR });
    await askTogether(200, 'either');
    expect(upstream.requests.length + second.requests.length).toBe(240);
  });

  it('lets everybody fall back in turn when a target fails for all at once', async () => {
    await start();
    second.always({ body: completion('Hello', USAGE) });
    const answers = await askTogether(50, 'either');
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    // Of the ten extra calls that there are to begin with, five may go to who failed.
    expect([upstream.requests.length, second.requests.length]).toEqual([55, 50]);
  });

  it('keeps nobody waiting for it who has left', async () => {
    await start();
    second.always({ beforeHeaders: 'stall' });
    const gate = Promise.withResolvers<void>();
    upstream.always({ status: 500, body: FAULT_ERROR, gate: gate.promise });
    const leaving = new AbortController();
    const asked = Array.from({ length: 50 }, () =>
      fetch(`${proxy.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${proxy.adminKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ model: 'either', messages: HELLO }),
        signal: leaving.signal,
      }).catch(() => undefined),
    );
    await upstream.waitForRequest(49);
    gate.resolve();
    // Five retries and five calls elsewhere; forty wait.
    await Promise.all([upstream.waitForRequest(54), second.waitForRequest(4)]);
    leaving.abort();
    await Promise.all(asked);
    await waitUntil(async () => (await proxy.rows()).length === 50, 'all rows to be settled');
    expect([upstream.requests.length, second.requests.length]).toEqual([55, 5]);
  });

  it('does not count fallbacks that answer', async () => {
    await start({ RETRY_MAX_ATTEMPTS: '1' });
    upstream.always({ status: 401, body: FAULT_ERROR });
    second.always({ body: completion('Hello', USAGE) });
    for (let index = 0; index < 40; index += 1) expect((await ask('either')).status).toBe(200);
    expect(second.requests).toHaveLength(40);
  });

  it('allows none at 0 percent', async () => {
    await start({ RETRY_BUDGET_PERCENT: '0' });
    upstream.always({ status: 500, body: FAULT_ERROR });
    const answer = await ask('one/model');
    expect(answer.headers.get(STOPPED)).toBe('budget');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('the bounds of one request', () => {
  it('makes no more calls than it may over all targets', async () => {
    await start({ RETRY_MAX_CALLS: '4' });
    for (const server of [upstream, second]) server.always({ status: 500, body: FAULT_ERROR });
    const answer = await ask('either');
    expect(answer.headers.get(STOPPED)).toBe('calls');
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('4');
    expect([upstream.requests.length, second.requests.length]).toEqual([3, 1]);
  });

  it.each([
    ['its own time-out', 'one/model', { 'x-llm-proxy-timeout-ms': '400' }],
    ['that of the instance', 'hurried/model', {}],
  ])('begins no wait that would not end before %s', async (_, model, headers) => {
    await start();
    upstream.always({ status: 429, headers: { 'retry-after': '1' }, body: FAULT_ERROR });
    const answer = await ask(model, headers);
    expect(answer.status).toBe(429);
    expect(answer.headers.get(STOPPED)).toBe('deadline');
    expect(upstream.requests).toHaveLength(1);
  });

  it('goes to the next target instead of waiting beyond it', async () => {
    await start();
    upstream.always({ status: 429, headers: { 'retry-after': '4' }, body: FAULT_ERROR });
    second.always({ body: completion('Hello', USAGE) });
    const answer = await ask('either', { 'x-llm-proxy-timeout-ms': '3000' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('two');
    expect(answer.headers.get(STOPPED)).toBeNull();
  });
});

describe('the keys of an instance', () => {
  it.each([401, 402, 403, 429])('are tried one after the other on %i', async (status) => {
    await start();
    upstream
      .next({ status, body: FAULT_ERROR }, { status, body: FAULT_ERROR })
      .always({ body: completion('Hello', USAGE) });
    expect((await ask('many/model')).status).toBe(200);
    expect(keysUsed()).toEqual(['key-a-1234', 'key-b-1234', 'key-c-1234']);
    // The next request begins with the key that worked.
    await ask('many/model');
    expect(keysUsed().at(-1)).toBe('key-c-1234');
  });

  it('are each called once when all are refused, and then the next target', async () => {
    await start();
    upstream.always({ status: 401, body: FAULT_ERROR });
    second.always({ body: completion('Hello', USAGE) });
    const answer = await ask('keys');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('two');
    expect(keysUsed()).toEqual(['key-a-1234', 'key-b-1234', 'key-c-1234']);
    // While they rest nobody is bothered with them.
    for (let index = 0; index < 20; index += 1) expect((await ask('keys')).status).toBe(200);
    expect(upstream.requests).toHaveLength(3);
    expect((await ask('many/model')).status).toBe(502);
    expect(upstream.requests).toHaveLength(3);
  });

  it('rest for as long as a 429 asks, while the other keys are used', async () => {
    await start();
    const throttled =
      (name: string) =>
      ({ headers }: { headers: object }) =>
        String((headers as Record<string, unknown>)['authorization']).endsWith(name);
    upstream.always({ body: completion('Hello', USAGE) }).when(throttled('key-a-1234'), {
      status: 429,
      headers: { 'retry-after': '60' },
      body: FAULT_ERROR,
    });
    for (let index = 0; index < 20; index += 1) expect((await ask('many/model')).status).toBe(200);
    expect(keysUsed().filter((key) => key === 'key-a-1234')).toHaveLength(1);
    expect(upstream.requests).toHaveLength(21);
  });
});
