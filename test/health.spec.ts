import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOCK, type Clock } from '../src/common/clock.js';
import { ProviderHealth } from '../src/routing/health/provider-health.service.js';
import { TargetStats } from '../src/routing/targets/target-stats.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp, type TestAppOptions } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

interface Reported {
  status: string;
  providers?: { name: string; state: string; breaker: string; lastError: string | null }[];
}

let upstream: FaultUpstream;
let other: FaultUpstream;
let app: TestApp;

beforeEach(async () => {
  [upstream, other] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  for (const each of [upstream, other]) each.always({ body: completion('Hi', USAGE) });
});

afterEach(async () => {
  await app.close();
  await Promise.all([upstream.close(), other.close()]);
});

/** With an instance `one` that has this health, and an instance `two`. */
async function start(health: object, options: TestAppOptions = {}): Promise<void> {
  const common = { type: 'openai-compatible', retries: { maxAttempts: 1 } };
  const breaker = { enabled: false };
  app = await TestApp.start({
    ...options,
    yaml: JSON.stringify({
      providers: [
        { ...common, name: 'one', baseUrl: upstream.url, breaker, health },
        { ...common, name: 'two', baseUrl: other.url, breaker: { volumeThreshold: 1 } },
      ],
      models: [
        { name: 'either', targets: [{ model: 'one/m' }], fallbacks: ['two/m'] },
        { name: 'both', targets: [{ model: 'one/m' }, { model: 'two/m' }] },
      ],
    }),
  });
}

async function ask(model: string, count = 1): Promise<number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const answer = await app.chat({ model, messages: HELLO });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

async function health(key?: string): Promise<Reported & { code: number }> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${app.url}/health`, { headers });
  return { code: answer.status, ...((await answer.json()) as Reported) };
}

async function stateOf(name: string): Promise<string | undefined> {
  const { providers } = await health(app.adminKey);
  return providers?.find((one) => one.name === name)?.state;
}

const DOWN = { status: 500, body: { error: { message: 'Oops' } } };
const isProbe = ({ path }: { path: string }) => path.endsWith('/models');
const MODELS = { body: { object: 'list', data: [{ id: 'm', object: 'model' }] } };
/** What shows that an instance is well again takes two windows. */
const QUICK = { minCalls: 5, windowMs: 300, probe: 'off' };

describe('the health of providers', () => {
  it('is told as a whole to everybody, one by one to an admin, and names no host', async () => {
    await start({ probe: 'off' });
    expect(await health()).toEqual({ code: 200, status: 'ok' });
    expect(await health('sk-lp_nobody')).toEqual({ code: 200, status: 'ok' });
    const told = await health(app.adminKey);
    expect(told).toMatchObject({
      status: 'ok',
      providers: [
        { name: 'one', type: 'openai-compatible', state: 'healthy', breaker: 'closed' },
        { name: 'two', lastError: null, since: expect.stringMatching(/^\d{4}-.*Z$/) },
      ],
    });
    expect(JSON.stringify(told)).not.toContain(new URL(upstream.url).port);
  });

  it('is degraded while one is disabled, and down when nobody can be called', async () => {
    await start({ minCalls: 5, probe: 'off' });
    upstream.always(DOWN);
    other.always(DOWN);
    expect(await ask('one/m', 4)).toEqual([502, 502, 502, 502]);
    expect(await health()).toEqual({ code: 200, status: 'ok' });
    await ask('one/m');
    expect(await health()).toEqual({ code: 200, status: 'degraded' });
    expect(app.app.get(TargetStats).stateOf({ instance: { name: 'one' }, model: 'm' })).toBe(
      'disabled',
    );
    await ask('two/m');
    const told = await health(app.adminKey);
    expect(told).toMatchObject({ code: 503, status: 'down' });
    expect(told.providers).toMatchObject([
      { name: 'one', state: 'disabled', breaker: 'closed', lastError: 'failed' },
      { name: 'two', state: 'healthy', breaker: 'open', lastError: 'failed' },
    ]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('llm_proxy_provider_health{provider="one"} 2');
    expect(metrics).toContain('llm_proxy_provider_health{provider="two"} 0');
    const lines = app.logLines.filter((line) => line.includes('the health of a provider changed'));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { provider: 'one', model: 'm', state: 'disabled' },
    ]);
  });

  it('comes back by itself, step by step', async () => {
    await start(QUICK);
    upstream.always(DOWN);
    await ask('one/m', 5);
    expect(await stateOf('one')).toBe('disabled');
    await waitUntil(async () => (await stateOf('one')) === 'degraded', 'it to be tried again');
    await waitUntil(async () => (await stateOf('one')) === 'healthy', 'it to be well');
    expect(upstream.requests).toHaveLength(5);
  });
});

describe('a provider that health has disabled', () => {
  const OK = Array<number>(5).fill(200);
  let ahead = 0;

  beforeEach(() => {
    ahead = 0;
  });

  async function startSteered(more: object = {}): Promise<void> {
    await start({ minCalls: 5, windowMs: 60_000, probe: 'off', ...more });
    vi.spyOn(app.app.get<Clock>(CLOCK), 'now').mockImplementation(() => performance.now() + ahead);
  }

  /** A window goes by without anything that is worth a worry. */
  function passWindow(): void {
    ahead += 60_000;
    app.app.get(ProviderHealth).look();
  }

  /** How often each of the two was called so far. */
  const calls = () => [upstream, other].map(({ requests }) => requests.length);

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is called last, and first again only when it has been well for a while', async () => {
    await startSteered();
    upstream.always(DOWN);
    expect(await ask('both', 5)).toEqual(OK);
    expect([await stateOf('one'), ...calls()]).toEqual(['disabled', 5, 5]);
    expect(await ask('both', 5)).toEqual(OK);
    expect(calls()).toEqual([5, 10]);

    upstream.always({ body: completion('Hi', USAGE) });
    // Two calls that pass do not bring it back, the third one does, to the second place.
    await ask('one/m', 2);
    expect(await stateOf('one')).toBe('disabled');
    await ask('one/m');
    expect(await stateOf('one')).toBe('degraded');
    expect(await ask('both', 5)).toEqual(OK);
    expect(calls()).toEqual([8, 15]);

    passWindow();
    expect(await ask('both', 5)).toEqual(OK);
    expect([await stateOf('one'), ...calls()]).toEqual(['degraded', 8, 20]);
    passWindow();
    expect(await ask('both', 5)).toEqual(OK);
    expect([await stateOf('one'), ...calls()]).toEqual(['healthy', 13, 20]);

    // One failure of somebody who is well takes nobody away.
    upstream.next(DOWN);
    expect(await ask('both', 5)).toEqual(OK);
    expect([await stateOf('one'), ...calls()]).toEqual(['healthy', 18, 21]);
  });

  it('is called when nobody else answers, or there is nobody else', async () => {
    await startSteered();
    upstream.always(DOWN);
    await ask('one/m', 5);
    expect([await stateOf('one'), ...calls()]).toEqual(['disabled', 5, 0]);
    upstream.always({ body: completion('Hi', USAGE) });
    other.next(DOWN);
    expect(await ask('both')).toEqual([200]);
    expect(calls()).toEqual([6, 1]);
    expect(await ask('one/m')).toEqual([200]);
    expect(calls()).toEqual([7, 1]);
  });

  it('is not put back by a probe once a person has taken it out', async () => {
    const probed = Promise.withResolvers<void>();
    upstream.when(isProbe, { ...MODELS, gate: probed.promise }).always(DOWN);
    await startSteered({ probe: 'models', probeIntervalMs: 50 });
    await ask('one/m', 5);
    expect(await stateOf('one')).toBe('disabled');
    await waitUntil(() => upstream.requests.some(isProbe), 'a probe to be under way');

    const { states } = app.app.get(TargetStats);
    states.takeOut('one');
    probed.resolve();
    await waitUntil(async () => {
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      return metrics.includes('llm_proxy_health_probes_total{provider="one",outcome="ok"} 1');
    }, 'the probe to be over');
    expect(await stateOf('one')).toBe('off');
    // Who is off is not probed, and health takes nobody’s part in it.
    passWindow();
    passWindow();
    passWindow();
    expect(await stateOf('one')).toBe('off');
    expect(await ask('either', 5)).toEqual(OK);
    expect([upstream.requests.filter((request) => !isProbe(request)).length, calls()[1]]).toEqual([
      5, 5,
    ]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('llm_proxy_provider_health{provider="one"} 3');

    states.putBack('one');
    // It had three windows to calm down in.
    expect(await stateOf('one')).toBe('degraded');
  });
});

describe('probes', () => {
  const probes = () => upstream.requests.filter(isProbe);

  it('bring a disabled provider back, and are nowhere in the books', async () => {
    await start({ minCalls: 5, windowMs: 2_000, probe: 'models', probeIntervalMs: 50 });
    upstream.when(isProbe, MODELS).always(DOWN);
    await ask('one/m', 5);
    const before = await app.rows();
    await waitUntil(async () => (await stateOf('one')) === 'degraded', 'probes to pass');
    expect(probes().length).toBeGreaterThanOrEqual(3);
    expect(upstream.requests.every((request) => request.model !== 'test')).toBe(true);
    expect(await app.rows()).toEqual(before);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toMatch(/llm_proxy_health_probes_total\{provider="one",outcome="ok"\} [3-9]/);
  });

  it('find that an idle provider is down, and that it is back', async () => {
    await start({ probe: 'models', probeIntervalMs: 50 });
    upstream.when(isProbe, DOWN);
    await waitUntil(async () => (await stateOf('one')) === 'degraded', 'probes to fail');
    expect(probes().length).toBeGreaterThanOrEqual(3);
    upstream.when(isProbe, MODELS);
    await waitUntil(async () => (await stateOf('one')) === 'healthy', 'a probe to pass');
  });

  it('ask the model that they are told to, for as little as they are told to', async () => {
    const probe = { model: 'cheap', maxTokens: 2 };
    await start({ probe, probeIntervalMs: 50 });
    const request = await upstream.waitForRequest(0);
    expect(request.path).toBe('/chat/completions');
    expect(JSON.parse(request.body)).toMatchObject({ model: 'cheap', max_tokens: 2 });
    expect(await app.rows()).toEqual([]);
  });

  it('leave who answers clients alone', async () => {
    await start({ probe: 'models', probeIntervalMs: 1_000 });
    const until = performance.now() + 2_300;
    while (performance.now() < until) await ask('one/m');
    expect(probes()).toEqual([]);
  });
});
