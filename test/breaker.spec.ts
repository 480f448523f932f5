import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAULT_ERROR } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';

/** Other specs may keep the machine busy. */
const SOON = { timeout: 20_000 };

let upstream: FaultUpstream;
let proxy: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  const instance = (name: string, breaker: string) =>
    `  - { name: ${name}, type: openai-compatible, baseUrl: "${upstream.url}", apiKey: provider-key-1234, retries: { maxAttempts: 1 }, breaker: { volumeThreshold: 2, ${breaker} } }`;
  proxy = await TestApp.start({
    env: { UPSTREAM_MAX_CONNECTIONS: '600', LOG_LEVEL: 'silent' },
    yaml: [
      'providers:',
      instance('whole', 'resetTimeoutMs: 60000'),
      instance('split', 'resetTimeoutMs: 60000, perModel: true'),
      instance('quick', 'resetTimeoutMs: 300'),
      instance('off', 'enabled: false'),
    ].join('\n'),
  });
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.requests.length = 0;
  upstream.always({ body: completion('Hello', USAGE) });
});

async function ask(model: string): Promise<number> {
  const answer = await proxy.chat({ model, messages: HELLO });
  await answer.arrayBuffer();
  return answer.status;
}

const breaker = (name: string, body?: object, key = proxy.adminKey): Promise<Response> =>
  fetch(`${proxy.url}/api/providers/${name}/breaker`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const stateOf = async (name: string): Promise<unknown> => (await breaker(name)).json();

async function fail(model: string): Promise<void> {
  upstream.always({ status: 500, body: FAULT_ERROR });
  for (let index = 0; index < 2; index += 1) expect(await ask(model)).toBe(502);
  upstream.always({ body: completion('Hello', USAGE) });
  upstream.requests.length = 0;
}

describe('the breaker of an instance', () => {
  it('is shown, and reset by hand', async () => {
    await fail('whole/a');
    expect(await ask('whole/b')).toBe(503);
    expect(await stateOf('whole')).toEqual({
      provider: 'whole',
      state: 'open',
      enabled: true,
      models: [],
    });
    const answer = await breaker('whole', { action: 'reset' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ state: 'closed' });
    expect(await ask('whole/b')).toBe(200);
  });

  it('is opened by hand', async () => {
    expect(await ask('whole/a')).toBe(200);
    await breaker('whole', { action: 'open', forMs: 60_000 });
    expect(await ask('whole/a')).toBe(503);
    expect(upstream.requests).toHaveLength(1);
    await breaker('whole', { action: 'reset' });
  });

  it('lets exactly one of 500 requests probe at the reset instant', async () => {
    await fail('quick/a');
    await expect.poll(() => stateOf('quick'), SOON).toMatchObject({ state: 'half-open' });
    const gate = Promise.withResolvers<void>();
    upstream.always({ body: completion('Hello', USAGE), gate: gate.promise });
    const asked = Array.from({ length: 500 }, () => ask('quick/a'));
    let refused = 0;
    for (const one of asked) void one.then((status) => (refused += status === 503 ? 1 : 0));
    await expect.poll(() => refused, SOON).toBe(499);
    expect(upstream.requests).toHaveLength(1);
    gate.resolve();
    expect((await Promise.all(asked)).filter((status) => status === 200)).toHaveLength(1);
    expect(await ask('quick/a')).toBe(200);
  });

  it('is one per model where it is configured so', async () => {
    await fail('split/a');
    expect(await ask('split/a')).toBe(503);
    expect(await ask('split/b')).toBe(200);
    expect(await stateOf('split')).toEqual({
      provider: 'split',
      state: 'open',
      enabled: true,
      models: [
        { model: 'a', state: 'open' },
        { model: 'b', state: 'closed' },
      ],
    });
    await breaker('split', { action: 'reset' });
    expect(await ask('split/a')).toBe(200);
  });

  it('does nothing where it is not enabled', async () => {
    await breaker('off', { action: 'open' });
    expect(await stateOf('off')).toMatchObject({ state: 'closed', enabled: false });
    expect(await ask('off/a')).toBe(200);
  });

  it('is for admins, of instances that exist, and takes nothing else', async () => {
    expect((await breaker('whole', undefined, 'sk-nobody')).status).toBe(401);
    expect((await breaker('absent')).status).toBe(404);
    for (const body of [{ action: 'explode' }, {}, { action: 'open', forMs: 0 }]) {
      expect((await breaker('whole', body)).status).toBe(400);
    }
  });
});
