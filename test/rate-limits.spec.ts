import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { RateLimits } from '../src/limits/rates/rate-limits.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { GivenRules } from './support/given-rules.js';
import { HELLO } from './support/prompts.js';
import { SteeredUpstream } from './support/steered-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const USAGE = vendorUsage(60, 40);

interface Caller {
  readonly key: string;
  readonly keyId: string;
  readonly clientId: string;
}

let rules: GivenRules;
let fast: FaultUpstream;
let other: FaultUpstream;
let steered: SteeredUpstream;
let proxy: TestApp;
let callers = 0;

beforeAll(async () => {
  rules = GivenRules.install();
  [fast, other, steered] = await Promise.all([
    FaultUpstream.start(),
    FaultUpstream.start(),
    SteeredUpstream.start(),
  ]);
  fast.always(eitherForm('fast', USAGE));
  other.always(eitherForm('other', USAGE));
  const provider = (name: string, url: string, tries = 1) =>
    `  - { name: ${name}, type: openai, baseUrl: "${url}/v1", apiKey: key, retries: { maxAttempts: ${tries}, baseMs: 0 } }`;
  proxy = await TestApp.start({
    env: { LOG_LEVEL: 'silent', QUEUE_MAX_WAITING: '6' },
    yaml: [
      'providers:',
      provider('fast', fast.url, 2),
      provider('other', other.url),
      provider('steered', steered.url),
      ...['first', 'soon', 'late', 'again'].map((name) => provider(name, fast.url, 2)),
      'models:',
      '  - { name: passing, targets: [{ model: first/gpt-test }], fallbacks: [other/gpt-test] }',
      '  - { name: again, targets: [{ model: again/gpt-test }], fallbacks: [other/gpt-test] }',
      '  - { name: full, targets: [{ model: soon/gpt-test }], fallbacks: [late/gpt-test] }',
      '  - { name: both, targets: [{ model: fast/gpt-test }], fallbacks: [other/gpt-test] }',
    ].join('\n'),
  });
});

afterAll(async () => {
  await proxy.close();
  await Promise.all([fast.close(), other.close(), steered.close()]);
  vi.restoreAllMocks();
});

beforeEach(() => {
  for (const upstream of [fast, other]) upstream.requests.length = 0;
  steered.calls.length = 0;
  steered.reply = undefined;
});

afterEach(async () => {
  rules.set();
  const limits = proxy.app.get(RateLimits);
  await waitUntil(
    () => limits.heldSlots === 0 && limits.queueDepth === 0,
    'every place to be free',
  );
});

async function newCaller(client = `client-${(callers += 1)}`): Promise<Caller> {
  const made = await proxy.app.get(ApiKeysService).createForClientName(client);
  return { key: made.key.reveal(), keyId: made.id, clientId: made.clientId };
}

function ask({ key }: Caller, body: object = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'fast/gpt-test', messages: HELLO, ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** With the body read, so that its connection is free. */
async function statusOf(answer: Response | Promise<Response>): Promise<number> {
  const whole = await answer;
  await whole.arrayBuffer();
  return whole.status;
}

/** So many requests, at most `width` at once. */
async function flood(count: number, width: number, send: () => Promise<Response>) {
  const answers: { status: number; headers: Headers }[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (sent < count) {
        sent += 1;
        const answer = await send();
        await answer.arrayBuffer();
        answers.push({ status: answer.status, headers: answer.headers });
      }
    }),
  );
  return answers;
}

function of<Answer extends { status: number }>(
  answers: readonly Answer[],
  status: number,
): Answer[] {
  return answers.filter((answer) => answer.status === status);
}

describe('rate limits', () => {
  it('admit exactly 100 of 2,000, twenty times', { timeout: 120_000 }, async () => {
    for (let run = 0; run < 20; run += 1) {
      const caller = await newCaller();
      rules.set({ scope: 'key', scopeId: caller.keyId, requestsPerMinute: 100 });
      const answers = await flood(2_000, 200, () => ask(caller));
      expect([of(answers, 200).length, of(answers, 429).length]).toEqual([100, 1_900]);
      const remaining = of(answers, 200)
        .map(({ headers }) => Number(headers.get('x-ratelimit-remaining-requests')))
        .toSorted((one, two) => one - two);
      expect(remaining).toEqual(Array.from({ length: 100 }, (_, index) => index));
      for (const { headers } of of(answers, 429)) {
        const seconds = Number(headers.get('retry-after'));
        const ms = Number(headers.get('retry-after-ms'));
        expect(seconds).toBe(Math.ceil(ms / 1_000));
        expect(ms > 0 && ms <= 60_000).toBe(true);
        expect(headers.get('x-ratelimit-remaining-requests')).toBe('0');
        expect(headers.get('x-ratelimit-limit-requests')).toBe('100');
        expect(headers.get('x-ratelimit-reset-requests')).toBe(`${seconds}s`);
      }
      expect(fast.requests.length).toBe((run + 1) * 100);
    }
    expect((await proxy.rows()).length).toBe(2_000);
  });

  it('hold in every scope at once, and name the one that was met', async () => {
    const caller = await newCaller();
    const mate = await newCaller('mates');
    const second = await newCaller('mates');
    const cases = [
      [{ scope: 'key', scopeId: caller.keyId }, caller, 'for this API key'],
      [{ scope: 'client', scopeId: mate.clientId }, second, 'for this client'],
      [{ scope: 'model', scopeId: 'both' }, caller, "for the model 'both'"],
      [{ scope: 'model', scopeId: 'fast/gpt-test' }, caller, "for the model 'fast/gpt-test'"],
      [{ scope: 'provider', scopeId: 'fast' }, caller, "for the provider 'fast'"],
      [{ scope: 'global', scopeId: '' }, caller, 'for all clients together'],
      [{ scope: 'key', scopeId: caller.keyId, endpoint: 'chat' }, caller, "this API key at 'chat'"],
    ] as const;
    const all = [
      { scope: 'key', scopeId: caller.keyId, requestsPerMinute: 90, tokensPerMinute: 9_000 },
      { scope: 'client', scopeId: mate.clientId, requestsPerMinute: 80 },
      { scope: 'model', scopeId: 'both', requestsPerMinute: 70 },
      { scope: 'provider', scopeId: 'fast', requestsPerMinute: 60, maxConcurrent: 50 },
      { scope: 'global', scopeId: '', requestsPerMinute: 50 },
      { scope: 'key', scopeId: caller.keyId, endpoint: 'chat', requestsPerMinute: 40 },
    ] as const;
    for (const [at, who, words] of cases) {
      const model = at.scopeId === 'both' ? 'both' : 'fast/gpt-test';
      rules.set(...all, { ...at, requestsPerMinute: 0 });
      const answer = await ask(who, { model });
      const { error } = (await answer.json()) as { error: { message: string } };
      expect([answer.status, error]).toEqual([
        429,
        {
          type: 'rate_limit_error',
          code: 'rate_limit_exceeded',
          param: null,
          message: expect.stringContaining(words),
        },
      ]);
    }
    rules.set(...all);
    expect((await ask(caller, { model: 'both' })).headers.get('x-ratelimit-limit-requests')).toBe(
      '40',
    );
    expect(await statusOf(ask(second))).toBe(200);
  });

  it('count only the dialect that they name', async () => {
    const caller = await newCaller();
    rules.set({
      scope: 'key',
      scopeId: caller.keyId,
      endpoint: 'embeddings',
      requestsPerMinute: 0,
    });
    expect(await statusOf(ask(caller))).toBe(200);
  });

  it('replace the estimate of tokens by what was used', async () => {
    const caller = await newCaller();
    rules.set({ scope: 'key', scopeId: caller.keyId, tokensPerMinute: 250 });
    const first = await ask(caller, { max_tokens: 200 });
    expect(await statusOf(first)).toBe(200);
    expect(Number(first.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(50);
    const second = await ask(caller, { max_tokens: 1, stream: true });
    expect(await statusOf(second)).toBe(200);
    expect(Number(second.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(140);
    // 200 are used: an estimate beyond 50 does not fit.
    const third = await ask(caller, { max_tokens: 60 });
    expect(await statusOf(third)).toBe(429);
    expect(third.headers.get('x-ratelimit-remaining-tokens')).toBe('50');
    const never = await ask(caller, { max_tokens: 100, n: 3 });
    expect([never.status, never.headers.get('x-should-retry')]).toEqual([429, 'false']);
    expect(await never.text()).toContain('more than the limit of 250 tokens per minute');
  });

  it('take nothing for who is refused, and give tokens back where no provider was called', async () => {
    const caller = await newCaller();
    const key = { scope: 'key', scopeId: caller.keyId } as const;
    rules.set(
      { ...key, requestsPerMinute: 2, tokensPerMinute: 150, maxConcurrent: 1 },
      { scope: 'provider', scopeId: 'fast', requestsPerMinute: 0 },
    );
    for (let index = 0; index < 5; index += 1) expect(await statusOf(ask(caller))).toBe(429);
    const rows = (await proxy.rows()).length;
    rules.set({ ...key, requestsPerMinute: 2, tokensPerMinute: 150 });
    expect(await statusOf(ask(caller, { max_tokens: 100 }))).toBe(200);
    expect((await proxy.rows()).length).toBe(rows + 1);
  });

  it('say what is left on a stream and on an error', async () => {
    const caller = await newCaller();
    rules.set({
      scope: 'key',
      scopeId: caller.keyId,
      requestsPerMinute: 10,
      tokensPerMinute: 9_000,
    });
    const stream = await ask(caller, { stream: true });
    expect(await statusOf(stream)).toBe(200);
    fast.next({ status: 400, body: { error: { message: 'no', type: 'x', code: null } } });
    const failed = await ask(caller);
    expect(await statusOf(failed)).toBe(400);
    for (const [index, { headers }] of [stream, failed].entries()) {
      expect(
        Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit'))),
      ).toEqual({
        'x-ratelimit-limit-requests': '10',
        'x-ratelimit-remaining-requests': String(9 - index),
        'x-ratelimit-reset-requests': '60s',
        'x-ratelimit-limit-tokens': '9000',
        'x-ratelimit-remaining-tokens': expect.stringMatching(/^8\d\d\d$/),
        'x-ratelimit-reset-tokens': '60s',
      });
    }
  });

  it('never let more than 5 of 50 be in flight', async () => {
    const caller = await newCaller();
    rules.set({ scope: 'client', scopeId: caller.clientId, maxConcurrent: 5 });
    let inFlight = 0;
    let most = 0;
    steered.reply = (call) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      void delay(5).then(() => {
        inFlight -= 1;
        call.json(completion('x', USAGE));
      });
    };
    rules.queue(caller.clientId, 20_000);
    const answers = await flood(50, 11, () => ask(caller, { model: 'steered/gpt-test' }));
    rules.queue(caller.clientId, 0);
    expect([most, of(answers, 200).length]).toEqual([5, 50]);
    steered.reply = undefined;
    steered.calls.length = 0;
    const all = Array.from({ length: 50 }, () => ask(caller, { model: 'steered/gpt-test' }));
    let answered = 0;
    for (const one of all) void one.then(() => (answered += 1));
    await steered.waitForCall(4);
    await waitUntil(() => answered === 45, 'the others to be refused');
    for (const call of steered.calls) call.json(completion('x', USAGE));
    const statuses = await Promise.all(all.map(statusOf));
    expect(steered.calls.length).toBe(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(45);
  });

  it('hold from the next request on after a change', async () => {
    const caller = await newCaller();
    expect(await statusOf(ask(caller))).toBe(200);
    rules.set({ scope: 'key', scopeId: caller.keyId, requestsPerMinute: 1 });
    expect([await statusOf(ask(caller)), await statusOf(ask(caller))]).toEqual([200, 429]);
    rules.set({ scope: 'key', scopeId: caller.keyId, requestsPerMinute: 2 });
    expect([await statusOf(ask(caller)), await statusOf(ask(caller))]).toEqual([200, 429]);
    rules.set();
    const free = await ask(caller);
    expect([await statusOf(free), free.headers.get('x-ratelimit-limit-requests')]).toEqual([
      200,
      null,
    ]);
  });
});

describe('the queue', () => {
  const depth = () => proxy.app.get(RateLimits).queueDepth;
  const steer = (caller: Caller, name: string, signal?: AbortSignal) =>
    ask(caller, { model: 'steered/gpt-test', user: name }, signal);
  const userOf = (body: string) => (JSON.parse(body) as { user: string }).user;

  /** Sends them one after the other, each when the one before waits. */
  async function sendInOrder(sends: readonly (() => Promise<Response>)[]) {
    const answers: Promise<Response>[] = [];
    for (const send of sends) {
      const waiting = depth();
      answers.push(send());
      await waitUntil(() => depth() === waiting + 1, 'the request to wait');
    }
    return answers;
  }

  async function two(): Promise<[Caller, Caller]> {
    const callers = [await newCaller(), await newCaller()] as [Caller, Caller];
    for (const { clientId } of callers) rules.queue(clientId, 20_000);
    return callers;
  }

  it.each([
    ['of all', { scope: 'global', scopeId: '', maxConcurrent: 1 }],
    ['of a provider', { scope: 'provider', scopeId: 'steered', maxConcurrent: 1 }],
  ] as const)('serves clients in turn where a limit %s is met', async (_, rule) => {
    rules.set(rule);
    const [a, b] = await two();
    const first = steer(a, 'first');
    await steered.waitForCall(0);
    const answers = await sendInOrder([
      () => steer(a, 'a1'),
      () => steer(a, 'a2'),
      () => steer(a, 'a3'),
      () => steer(b, 'b1'),
      () => steer(b, 'b2'),
    ]);
    for (let index = 0; index < 6; index += 1) {
      (await steered.waitForCall(index)).json(completion('x', USAGE));
      expect(steered.calls.length).toBe(index + 1);
    }
    expect(await Promise.all([first, ...answers].map(statusOf))).toEqual(Array(6).fill(200));
    const order = steered.calls.map(({ body }) => userOf(body));
    expect(order).toEqual(['first', 'a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('loses who leaves, and refuses who finds it full or waits in vain', async () => {
    rules.set({ scope: 'global', scopeId: '', maxConcurrent: 1 });
    const [a, b] = await two();
    const hasty = await newCaller();
    rules.queue(hasty.clientId, 50);
    const first = steer(a, 'first');
    await steered.waitForCall(0);
    expect(await statusOf(steer(hasty, 'hasty'))).toBe(429);
    const leaver = new AbortController();
    const [left, ...stayed] = await sendInOrder([
      () => steer(a, 'left', leaver.signal),
      ...['b1', 'b2', 'b3', 'b4', 'b5'].map((name) => () => steer(b, name)),
    ]);
    const full = await steer(b, 'one too many');
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '1']);
    await full.arrayBuffer();
    leaver.abort();
    await expect(left).rejects.toThrow();
    await waitUntil(() => depth() === 5, 'the queue to forget who left');
    steered.reply = (call) => call.json(completion('x', USAGE));
    steered.calls[0]?.json(completion('x', USAGE));
    expect(await Promise.all([first, ...stayed].map(statusOf))).toEqual(Array(6).fill(200));
    expect(steered.calls.map(({ body }) => userOf(body)).slice(1)).toEqual([
      'b1',
      'b2',
      'b3',
      'b4',
      'b5',
    ]);
  });

  it('lets in who waits when the limit is raised', async () => {
    const [a] = await two();
    const rule = { scope: 'key', scopeId: a.keyId } as const;
    rules.set({ ...rule, requestsPerMinute: 1 });
    expect(await statusOf(ask(a))).toBe(200);
    const [waiting] = await sendInOrder([() => ask(a)]);
    rules.set({ ...rule, requestsPerMinute: 2 });
    expect(await statusOf(waiting as Promise<Response>)).toBe(200);
  });
});

describe('the limits of a provider', () => {
  it('pass on to the next target, which is the first attempt', async () => {
    const caller = await newCaller();
    rules.set({ scope: 'provider', scopeId: 'first', requestsPerMinute: 1 });
    const providers: (string | null)[] = [];
    for (let index = 0; index < 3; index += 1) {
      const answer = await ask(caller, { model: 'passing' });
      expect(await statusOf(answer)).toBe(200);
      providers.push(answer.headers.get('x-llm-proxy-provider'));
      expect(answer.headers.get('x-llm-proxy-attempts')).toBe('1');
    }
    expect(providers).toEqual(['first', 'other', 'other']);
    expect((await proxy.rows()).at(-1)).toMatchObject({ provider: 'other', attempts: 1 });
  });

  it('count every attempt, and pass on when a second one does not fit', async () => {
    const caller = await newCaller();
    rules.set({
      scope: 'model',
      scopeId: 'again/gpt-test',
      requestsPerMinute: 1,
      maxConcurrent: 1,
    });
    fast.always({ status: 500, body: {} });
    const answer = await ask(caller, { model: 'again' });
    expect([answer.status, answer.headers.get('x-llm-proxy-attempts')]).toEqual([200, '2']);
    await answer.arrayBuffer();
    expect([fast.requests.length, other.requests.length]).toEqual([1, 1]);
    fast.always(eitherForm('fast', USAGE));
  });

  it('tell of the failure when those that are left have no room', async () => {
    const caller = await newCaller();
    rules.set(
      { scope: 'provider', scopeId: 'fast', requestsPerMinute: 10 },
      { scope: 'provider', scopeId: 'other', requestsPerMinute: 0 },
    );
    fast.next({ status: 500, body: {} }, { status: 500, body: {} });
    expect(await statusOf(ask(caller, { model: 'both' }))).toBe(502);
    expect(other.requests.length).toBe(0);
  });

  it('refuse with the soonest time when no target has room', async () => {
    const caller = await newCaller();
    rules.set(
      { scope: 'provider', scopeId: 'soon', requestsPerMinute: 1 },
      { scope: 'provider', scopeId: 'late', requestsPerMinute: 1 },
    );
    expect(await statusOf(ask(caller, { model: 'full' }))).toBe(200);
    await delay(1_100);
    expect(await statusOf(ask(caller, { model: 'full' }))).toBe(200);
    const refused = await ask(caller, { model: 'full' });
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining("'soon'"),
    ]);
  });

  it('give tokens back to their window when an attempt fails', async () => {
    const caller = await newCaller();
    rules.set({ scope: 'provider', scopeId: 'steered', tokensPerMinute: 300 });
    steered.reply = (call) => call.cut();
    const model = 'steered/gpt-test';
    expect(await statusOf(ask(caller, { model, max_tokens: 290 }))).toBe(502);
    steered.reply = (call) => call.json(completion('x', USAGE));
    expect(await statusOf(ask(caller, { model, max_tokens: 290 }))).toBe(200);
    expect(await statusOf(ask(caller, { model, max_tokens: 290 }))).toBe(429);
    expect(await statusOf(ask(caller, { model, max_tokens: 150 }))).toBe(200);
  });
});
