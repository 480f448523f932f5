import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdaptiveLimits } from '../src/limits/adaptive/adaptive-limits.js';
import { TargetStats } from '../src/routing/targets/target-stats.js';
import { RateLimits } from '../src/limits/rates/rate-limits.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, stream, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const USAGE = vendorUsage(9, 4);
const ANSWER: FaultScript = { body: completion('hello', USAGE) };
const QUEUED_KEY = 'sk-queued-0123456789-0123456789-0123456789';

const TARGET = { instance: { name: 'main' }, model: 'gpt-test' };
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** For longer than anybody is heeded. */
function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

function refusal(headers: Record<string, string> = {}): FaultScript {
  const error = { message: 'Slow down', type: 'rate_limit_error', param: null, code: null };
  return { status: 429, headers, body: { error } };
}

let main: FaultUpstream;
let other: FaultUpstream;
let proxy: TestApp;

beforeEach(async () => {
  [main, other] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  for (const upstream of [main, other]) upstream.always(eitherForm('hello', USAGE));
  const provider = (name: string, url: string, rest = '') =>
    `  - { name: ${name}, type: openai, baseUrl: "${url}/v1", apiKey: key, retries: { maxAttempts: 1 }${rest} }`;
  proxy = await TestApp.start({
    env: { LOG_LEVEL: 'silent' },
    yaml: [
      'providers:',
      provider('main', main.url),
      provider('other', other.url),
      provider('fixed', main.url, ', limits: { adaptive: false }'),
      'models:',
      '  - { name: both, targets: [{ model: main/gpt-test }], fallbacks: [other/gpt-test] }',
      'clients:',
      `  - { name: queued, apiKeys: ["${QUEUED_KEY}"], onLimit: queue, queueMs: 8000 }`,
    ].join('\n'),
  });
});

afterEach(async () => {
  await proxy.close();
  await Promise.all([main.close(), other.close()]);
});

async function ask(model = 'main/gpt-test', headers: Record<string, string> = {}) {
  const answer = await proxy.chat({ model, messages: HELLO }, headers);
  const body = (await answer.json()) as { error?: { message: string; code: string } };
  return { status: answer.status, headers: answer.headers, error: body.error };
}

async function statuses(count: number, model?: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(model)));
  return answers.map(({ status }) => status);
}

function learned() {
  return [...proxy.app.get(AdaptiveLimits).learned()];
}

describe('adaptive limits', () => {
  it('spare a provider the calls that it would refuse', async () => {
    main.always(refusal({ 'retry-after': '30' }));
    expect((await ask()).status).toBe(429);
    expect(await statuses(50)).toEqual(Array(50).fill(429));
    expect(main.requests).toHaveLength(1);
    expect(learned()).toEqual([{ provider: 'main', model: 'gpt-test', perMinute: 0 }]);
    // Only what was sent is in the books.
    expect(await proxy.rows()).toHaveLength(1);
  });

  it('say when to come back, and whose limit it is', async () => {
    main.always(refusal({ 'retry-after': '30' }));
    await ask();
    const { status, headers, error } = await ask();
    expect([status, error?.code]).toEqual([429, 'rate_limit_exceeded']);
    expect(error?.message).toMatch(/^The provider 'main' takes no more requests at the moment/);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds > 20 && seconds <= 30).toBe(true);
  });

  it.each<[string, Record<string, string>, object?]>([
    ['in seconds', { 'retry-after': '30' }],
    ['in milliseconds', { 'retry-after-ms': '30000' }],
    ['as a date', { 'retry-after': new Date(Date.parse(inAnHour())).toUTCString() }],
    ['with its limits', { 'x-ratelimit-reset-requests': '30s' }],
    ['with its limits, as a date', { 'anthropic-ratelimit-requests-reset': inAnHour() }],
    ['in words', {}, { message: 'Rate limit reached. Please try again in 30s.' }],
    ['as Google does', {}, { details: [{ '@type': RETRY_INFO, retryDelay: '30s' }] }],
  ])('go by what the provider says %s, as the order of targets does', async (_, headers, more) => {
    const error = { message: 'Slow down', type: 'rate_limit_error', ...more };
    main.always({ status: 429, headers, body: { error } });
    expect((await ask()).status).toBe(429);
    const { status, headers: told } = await ask();
    const seconds = Number(told.get('retry-after'));
    expect([status, main.requests.length]).toEqual([429, 1]);
    const paused = proxy.app.get(TargetStats).find(TARGET)?.pausedForMs ?? 0;
    // Both heed the same time.
    expect(Math.abs(seconds - paused / 1000)).toBeLessThan(2);
    expect(seconds > 20 && seconds <= 900).toBe(true);
  });

  it('concern the model that was refused and no other', async () => {
    main.forModel('gpt-test', refusal({ 'retry-after': '30' }));
    await ask();
    expect(await statuses(5, 'main/gpt-other')).toEqual(Array(5).fill(200));
  });

  it('send requests to the next target, which is no attempt at the first', async () => {
    main.always(refusal({ 'retry-after': '30' }));
    expect(await statuses(1, 'both')).toEqual([200]);
    expect(await statuses(20, 'both')).toEqual(Array(20).fill(200));
    expect([main.requests.length, other.requests.length]).toEqual([1, 21]);
    const rows = await proxy.rows();
    expect(rows.map(({ attempts }) => attempts)).toEqual([2, ...Array<number>(20).fill(1)]);
  });

  it('let out no more calls than the headers of an answer say are left', async () => {
    main.next({
      ...ANSWER,
      headers: {
        'x-ratelimit-limit-requests': '4',
        'x-ratelimit-remaining-requests': '3',
        // A call comes back every five minutes, which is not now.
        'x-ratelimit-reset-requests': '5m0s',
      },
    });
    expect((await ask()).status).toBe(200);
    const answers = await statuses(20);
    expect(answers.filter((status) => status === 200)).toHaveLength(3);
    expect(answers.filter((status) => status === 429)).toHaveLength(17);
    expect(main.requests).toHaveLength(4);
  });

  it('go by what gets through when a provider names no time', async () => {
    expect(await statuses(60)).toEqual(Array(60).fill(200));
    main.always(refusal());
    expect((await ask()).status).toBe(429);
    expect(learned()).toMatchObject([{ provider: 'main', model: 'gpt-test' }]);
    const perMinute = learned()[0]?.perMinute ?? 0;
    expect(perMinute >= 60 && perMinute < 120).toBe(true);
    // The provider would refuse all of these; all but a burst are kept from it.
    expect(await statuses(100)).toEqual(Array(100).fill(429));
    expect(main.requests.length).toBeLessThan(61 + 20);
  });

  it('hold back nothing where they are turned off', async () => {
    main.always(refusal({ 'retry-after': '30' }));
    expect(await statuses(10, 'fixed/gpt-test')).toEqual(Array(10).fill(429));
    expect(main.requests).toHaveLength(10);
    expect(learned()).toEqual([]);
  });

  it('let those wait who are to wait, until the provider takes calls again', async () => {
    main.next(refusal({ 'retry-after-ms': '700' }));
    expect((await ask()).status).toBe(429);
    const waiting = ask('main/gpt-test', { authorization: `Bearer ${QUEUED_KEY}` });
    const limits = proxy.app.get(RateLimits);
    await waitUntil(() => limits.queueDepth === 1, 'the request to wait');
    expect(main.requests).toHaveLength(1);
    expect((await waiting).status).toBe(200);
    expect(main.requests).toHaveLength(2);
  });

  it('read the headers of streams as well', async () => {
    main.next({
      ...stream(['hello'], USAGE),
      headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60s' },
    });
    const answer = await proxy.chat({ model: 'main/gpt-test', messages: HELLO, stream: true });
    await answer.text();
    expect((await ask()).status).toBe(429);
    expect(main.requests).toHaveLength(1);
  });
});
