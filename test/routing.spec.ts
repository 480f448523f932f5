import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { TargetStats } from '../src/routing/targets/target-stats.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream, type RecordedRequest } from './support/fault-upstream.js';
import { GivenRules } from './support/given-rules.js';
import { HELLO } from './support/prompts.js';
import { SteeredUpstream } from './support/steered-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, stream, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const NAMES = ['a', 'b', 'c', 'd'];
const TOO_LONG: FaultScript = {
  status: 400,
  body: {
    error: {
      message: "This model's maximum context length is 8192 tokens.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    },
  },
};
const UNSEEMLY: FaultScript = {
  status: 400,
  body: { error: { message: 'Blocked', type: 'invalid_request_error', code: 'content_filter' } },
};

let rules: GivenRules;
let upstream: FaultUpstream;
let steered: SteeredUpstream;
let proxy: TestApp;
let from: number;
/** What the instances answer in place of `ok`. */
const scripts = new Map<string, FaultScript>();

beforeAll(async () => {
  rules = GivenRules.install();
  upstream = await FaultUpstream.start();
  upstream.always((request) => {
    const script = scripts.get(instanceOf(request));
    if (script !== undefined) return script;
    if (!request.path.endsWith('/chat/completions')) return { body: textCompletion() };
    return request.body.includes('"stream":true')
      ? stream(['ok'], USAGE)
      : { body: completion('ok', USAGE) };
  });
  steered = await SteeredUpstream.start();
  proxy = await TestApp.start({ yaml: yaml(NAMES) });
});

afterAll(async () => {
  await proxy.close();
  await Promise.all([upstream.close(), steered.close()]);
  vi.restoreAllMocks();
});

beforeEach(() => {
  scripts.clear();
  from = upstream.requests.length;
});

afterEach(() => {
  const stats = proxy.app.get(TargetStats);
  for (const name of [...NAMES, 's', 't']) {
    stats.states.find('healthy', name);
    stats.states.putBack(name);
  }
});

function yaml(names: readonly string[]): string {
  const instance = (name: string, url: string) =>
    `  - { name: ${name}, type: openai-compatible, baseUrl: "${url}/${name}", retries: { maxAttempts: 1 }, breaker: { enabled: false }, limits: { adaptive: false } }`;
  const targets = names.map((name) => `{ model: ${name}/m }`).join(', ');
  return [
    'providers:',
    ...NAMES.map((name) => instance(name, upstream.url)),
    instance('s', steered.url),
    instance('t', steered.url),
    `  - { name: router, type: openrouter, baseUrl: "${upstream.url}/router", apiKey: key, retries: { maxAttempts: 1 } }`,
    'prices:',
    '  - { model: a/m, input: 1, output: 10 }',
    '  - { model: b/m, input: 4, output: 4 }',
    'models:',
    '  - { name: canary, strategy: weighted, targets: [{ model: a/m, weight: 9 }, { model: b/m, weight: 1 }] }',
    `  - { name: turns, strategy: round-robin, targets: [${targets}] }`,
    '  - { name: idle, strategy: least-busy, targets: [{ model: s/m }, { model: t/m }] }',
    '  - { name: quick, strategy: latency, targets: [{ model: a/q }, { model: b/q }] }',
    '  - { name: cheap, strategy: cost, targets: [{ model: c/m }, { model: b/m }, { model: a/m }] }',
    '  - { name: ordered, targets: [{ model: a/m, tags: [us] }, { model: b/m, tags: [eu] }], fallbacks: [c/m] }',
    '  - { name: users, strategy: weighted, affinity: user, targets: [{ model: a/m }, { model: b/m }] }',
    '  - { name: clients, strategy: round-robin, affinity: client, targets: [{ model: a/m }, { model: b/m }] }',
    '  - { name: free, strategy: round-robin, affinity: none, targets: [{ model: a/m }, { model: b/m }] }',
    '  - { name: short, targets: [{ model: a/m }], fallbacks: [b/m], contextFallbacks: [long, d/m], contentPolicyFallbacks: [d/m] }',
    '  - { name: long, targets: [{ model: c/m }] }',
    '  - { name: one, targets: [{ model: a/m }] }',
    '  - { name: two, targets: [{ model: b/m }] }',
    '  - { name: three, targets: [{ model: c/m }] }',
  ].join('\n');
}

function instanceOf({ path }: Pick<RecordedRequest, 'path'>): string {
  return path.split('/')[1] ?? '';
}

/** Who was asked in this test, in order. */
function asked(): string {
  return upstream.requests.slice(from).map(instanceOf).join('');
}

function textCompletion(): object {
  const choice = { index: 0, text: 'ok', logprobs: null, finish_reason: 'stop' };
  return {
    id: 'c',
    object: 'text_completion',
    created: 1,
    model: 'm',
    choices: [choice],
    usage: USAGE,
  };
}

async function chat(model: string, headers: Record<string, string> = {}, more: object = {}) {
  const answer = await proxy.chat({ model, messages: HELLO, ...more }, headers);
  const body = (await answer.json()) as { error?: { code: string | null; param?: string } };
  return {
    status: answer.status,
    error: body.error,
    provider: answer.headers.get('x-llm-proxy-provider'),
    route: answer.headers.get('x-llm-proxy-route'),
  };
}

async function routesInLedger(count: number): Promise<(string | null)[]> {
  return (await proxy.rows()).slice(-count).map(({ route }) => route);
}

describe('the strategy of a public model', () => {
  it('gives a canary exactly its share', async () => {
    const answers = [];
    for (let index = 0; index < 40; index += 1) answers.push(await chat('canary'));
    expect(asked().replaceAll('a', '')).toBe('bbbb');
    expect(new Set(answers.map(({ route }) => route))).toEqual(new Set(['strategy=weighted']));
    expect(await routesInLedger(1)).toEqual(['strategy=weighted']);
  });

  it('gives exact shares to concurrent requests as well', async () => {
    await Promise.all(Array.from({ length: 50 }, () => chat('canary')));
    expect(asked().replaceAll('a', '')).toBe('bbbbb');
  });

  it('takes turns', async () => {
    for (let index = 0; index < 8; index += 1) await chat('turns');
    expect(asked()).toBe('abcdabcd');
  });

  it('prefers who has the fewest calls in flight', async () => {
    const answers = Array.from({ length: 4 }, () => chat('idle'));
    await waitUntil(() => steered.calls.length === 4, 'four calls');
    const paths = steered.calls.map(({ path }) => path.split('/')[1]);
    expect(paths.filter((path) => path === 's')).toHaveLength(2);
    for (const call of steered.calls.slice()) {
      if (call.path.startsWith('/t')) call.json(completion('ok', USAGE));
    }
    await waitUntil(() => proxy.app.get(TargetStats).loadOf(at('t')) === 0, 'two answers');
    const more = [chat('idle'), chat('idle')];
    await waitUntil(() => steered.calls.length === 6, 'two more calls');
    expect(steered.calls.slice(4).map(({ path }) => path.split('/')[1])).toEqual(['t', 't']);
    for (const call of steered.calls) call.json(completion('ok', USAGE));
    await Promise.all([...answers, ...more]);
    expect(['s', 't'].map((name) => proxy.app.get(TargetStats).loadOf(at(name)))).toEqual([0, 0]);
  });

  it('prefers the faster, once both are known', async () => {
    scripts.set('a', { body: completion('ok', USAGE), delayMs: 500 });
    await chat('quick');
    await chat('quick');
    expect([...asked()].toSorted().join('')).toBe('ab');
    for (let index = 0; index < 5; index += 1) await chat('quick');
    expect(asked().slice(2)).toBe('bbbbb');
  });

  it('prefers the cheaper for this request, and nobody whose price is not known', async () => {
    expect((await chat('cheap', {}, { max_tokens: 1000 })).provider).toBe('b');
    const content = 'word '.repeat(5_000);
    const messages = [{ role: 'user', content }];
    expect((await chat('cheap', {}, { messages, max_tokens: 10 })).provider).toBe('a');
    expect(await routesInLedger(2)).toEqual(['strategy=cost', 'strategy=cost']);
  });

  it('says nothing where the first target was simply asked', async () => {
    expect(await chat('ordered')).toMatchObject({ provider: 'a', route: null });
    expect(await routesInLedger(1)).toEqual([null]);
  });

  it('takes nobody’s turn for a request that is refused', async () => {
    const caller = await proxy.app.get(ApiKeysService).createForClientName('limited');
    const headers = { authorization: `Bearer ${caller.key.reveal()}` };
    rules.set({ scope: 'key', scopeId: caller.id, requestsPerMinute: 1 });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await chat('turns', headers)).status);
    rules.set();
    await chat('turns');
    expect([statuses, asked()]).toEqual([[200, 429, 429], 'ab']);
  });
});

describe('affinity', () => {
  const sessions = Array.from({ length: 16 }, (_, index) => `session-${index}`);

  async function mapping(app: TestApp, key = app.adminKey): Promise<string> {
    const answers = sessions.map((session) =>
      app.chat(
        { model: 'turns', messages: HELLO },
        { 'x-llm-proxy-session': session, authorization: `Bearer ${key}` },
      ),
    );
    const providers = (await Promise.all(answers)).map(({ headers }) =>
      headers.get('x-llm-proxy-provider'),
    );
    return providers.join('');
  }

  it('keeps a session where it is, over a restart, and moves only those of a target that goes', async () => {
    const key = await proxy.app.get(ApiKeysService).createForClientName('steady');
    const before = await mapping(proxy, key.key.reveal());
    expect(new Set(before).size).toBeGreaterThan(2);
    expect(await mapping(proxy, key.key.reveal())).toBe(before);
    const smaller = await TestApp.start({ yaml: yaml(['a', 'b', 'd']), dataDir: proxy.dataDir });
    const after = await mapping(smaller, key.key.reveal());
    await smaller.close();
    const stayed = [...before].map((name, index) => (name === 'c' ? '' : after[index])).join('');
    expect(stayed).toBe(before.replaceAll('c', ''));
  });

  it('does not hold to who asked not to be called', async () => {
    const session = { 'x-llm-proxy-session': 'warm' };
    const { provider } = await chat('turns', session);
    proxy.app.get(TargetStats).pause(at(provider ?? ''), 60_000);
    const moved = await chat('turns', session);
    expect(moved.provider).not.toBe(provider);
    expect(moved.route).toBe(`strategy=round-robin,affinity=session,avoided=${provider}/m`);
    proxy.app
      .get(TargetStats)
      .begin(at(provider ?? ''), false)
      .end();
    expect((await chat('turns', session)).provider).toBe(provider);
  });

  it.each([
    ['users', { 'x-llm-proxy-user': 'u-1' }, 1],
    ['clients', {}, 1],
    ['free', { 'x-llm-proxy-session': 'warm' }, 2],
  ] as const)('of %s', async (model, headers, different) => {
    for (let index = 0; index < 4; index += 1) await chat(model, headers);
    expect(new Set(asked()).size).toBe(different);
  });
});

describe('a tag', () => {
  it('leads to the targets that carry it', async () => {
    const answer = await chat('ordered', { 'x-llm-proxy-tags': 'team-a,route:eu' });
    expect(answer).toMatchObject({ provider: 'b', route: 'tag=eu' });
    expect(await chat('ordered', { 'x-llm-proxy-tags': 'team-a' })).toMatchObject({
      provider: 'a',
    });
  });
});

describe('the state of a target', () => {
  it('puts who is degraded behind, and who is disabled last', async () => {
    const stats = proxy.app.get(TargetStats);
    stats.states.find('degraded', 'a');
    expect(await chat('ordered')).toMatchObject({ provider: 'b', route: 'avoided=a/m' });
    stats.states.find('disabled', 'b');
    expect(await chat('ordered')).toMatchObject({ provider: 'a' });
    stats.states.find('disabled', 'a');
    expect(await chat('ordered')).toMatchObject({ provider: 'c' });
    stats.states.find('disabled', 'c');
    expect(await chat('ordered')).toMatchObject({ provider: 'a', status: 200 });
  });

  it('does not ask who is off while there is anybody else', async () => {
    proxy.app.get(TargetStats).states.takeOut('b');
    for (const name of ['a', 'c']) scripts.set(name, { status: 500, body: {} });
    expect((await chat('ordered')).status).toBe(502);
    expect(asked()).toBe('ac');
  });

  it('follows what the vendor says', async () => {
    scripts.set('a', { status: 429, headers: { 'retry-after': '30' }, body: {} });
    expect(await chat('ordered')).toMatchObject({ provider: 'b', route: 'fallback=error' });
    expect(await chat('ordered')).toMatchObject({ provider: 'b', route: 'avoided=a/m' });
    expect(asked()).toBe('abb');
    proxy.app.get(TargetStats).begin(at('a'), false).end();
  });
});

describe('fallbacks', () => {
  it('for a context that is too long are asked in place of the ordinary ones', async () => {
    scripts.set('a', TOO_LONG);
    expect(await chat('short')).toMatchObject({ provider: 'c', route: 'fallback=context_length' });
    expect(asked()).toBe('ac');
    expect(await routesInLedger(1)).toEqual(['fallback=context_length']);
  });

  it('for a context that is too long are asked one after the other', async () => {
    scripts.set('a', TOO_LONG).set('c', TOO_LONG);
    expect(await chat('short', {}, { stream: false })).toMatchObject({ provider: 'd' });
    scripts.set('d', TOO_LONG);
    const refused = await chat('short');
    expect(refused).toMatchObject({ status: 400, error: { code: 'context_length_exceeded' } });
    expect(asked()).toBe('acdacd');
  });

  it('for refused content are their own', async () => {
    scripts.set('a', UNSEEMLY);
    expect(await chat('short')).toMatchObject({ provider: 'd', route: 'fallback=content_policy' });
    scripts.set('a', { status: 500, body: {} });
    expect(await chat('short')).toMatchObject({ provider: 'b', route: 'fallback=error' });
    expect(asked()).toBe('adab');
  });

  it('serve a stream before its first chunk', async () => {
    scripts.set('a', TOO_LONG);
    const answer = await proxy.chat({ model: 'short', messages: HELLO, stream: true });
    expect(answer.headers.get('x-llm-proxy-route')).toBe('fallback=context_length');
    expect(await answer.text()).toContain('[DONE]');
    expect(asked()).toBe('ac');
  });

  it('serve no stream that has begun', async () => {
    const broken = { error: { code: 'context_length_exceeded', message: 'Too long', type: 'x' } };
    scripts.set('a', { events: [...(stream(['ok'], USAGE).events ?? []).slice(0, 2), broken] });
    const answer = await proxy.chat({ model: 'short', messages: HELLO, stream: true });
    const text = await answer.text();
    expect(text).not.toContain('[DONE]');
    expect(text).toContain('Too long');
    expect(asked()).toBe('a');
  });

  it('tell what was wrong by OpenAI’s name, where the vendor has none', async () => {
    const message = 'prompt is too long: 201000 tokens > 200000 maximum';
    scripts.set('a', { status: 400, body: { error: { type: 'invalid_request_error', message } } });
    const refused = await chat('one');
    expect(refused).toMatchObject({ status: 400, error: { code: 'context_length_exceeded' } });
  });

  it('do not hide any other fault of the request', async () => {
    scripts.set('a', {
      status: 400,
      body: { error: { message: 'Invalid temperature', code: null } },
    });
    expect((await chat('short')).status).toBe(400);
    expect(asked()).toBe('a');
  });
});

describe('further models', () => {
  const failing = { status: 500, body: {} };
  const ROUTES: readonly (readonly [string, object])[] = [
    ['chat/completions', { messages: HELLO }],
    ['messages', { messages: HELLO, max_tokens: 9 }],
    ['responses', { input: 'Hi' }],
    ['completions', { prompt: 'Hi' }],
  ];

  it.each(ROUTES)('are asked in turn on %s, and told to nobody', async (path, body) => {
    scripts.set('a', failing).set('b', failing);
    const answer = await fetch(`${proxy.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${proxy.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'one', models: ['two', 'three'], ...body }),
    });
    expect([answer.status, asked()]).toEqual([200, 'abc']);
    expect(answer.headers.get('x-llm-proxy-route')).toBe('model=three,fallback=error');
    expect(upstream.requests.slice(from).some((sent) => sent.body.includes('models'))).toBe(false);
    const row = (await proxy.rows()).at(-1);
    expect(row).toMatchObject({ requested_model: 'one', provider: 'c', attempts: 3 });
  });

  it('are enough without a first one', async () => {
    expect(await chat('', {}, { model: undefined, models: ['two', 'one'] })).toMatchObject({
      provider: 'b',
      route: null,
    });
  });

  it('are asked when the first one finds the request too long', async () => {
    scripts.set('a', TOO_LONG);
    expect(await chat('one', {}, { models: ['two'] })).toMatchObject({
      provider: 'b',
      route: 'model=two,fallback=context_length',
    });
  });

  it('must each be allowed to the key', async () => {
    const allowedModels = ['one', 'two'];
    const { key } = await proxy.app
      .get(ApiKeysService)
      .createForClientName('few', { allowedModels });
    const headers = { authorization: `Bearer ${key.reveal()}` };
    const refused = await chat('one', headers, { models: ['two', 'three'] });
    expect(refused).toMatchObject({ status: 404, error: { code: 'model_not_found' } });
    const unknown = await chat('one', headers, { models: ['nobody'] });
    expect(unknown).toMatchObject({ status: 404, error: { code: 'model_not_found' } });
    expect(asked()).toBe('');
    expect((await chat('one', headers, { models: ['two'] })).status).toBe(200);
  });

  it('of OpenRouter may be named as it names them, and are asked for here', async () => {
    scripts.set('router', { status: 502, body: { error: { message: 'Down', code: 502 } } });
    const answer = await chat('router/x/first', {}, { models: ['y/second', 'two'] });
    expect(answer).toMatchObject({ status: 200, provider: 'b' });
    const sent = upstream.requests.slice(from);
    expect(sent.map(({ model }) => model)).toEqual(['x/first', 'y/second', 'm']);
    expect(sent.some(({ body }) => body.includes('models'))).toBe(false);
  });
});

function at(name: string) {
  return { instance: { name }, model: 'm' };
}
