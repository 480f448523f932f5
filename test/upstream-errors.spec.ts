import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { Ledger } from '../src/usage/ledger.js';
import type { UsageRow } from '../src/usage/usage-export.js';
import { expectEnvelope, expectRefusal, partsOf, type Refusal } from './support/expect-refusal.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { chunk, completion, streamEvents, USAGE } from './support/vendor-answers.js';

const PROVIDER_KEY = 'provider-key-0123456789';

const UPSTREAM_ERROR: Refusal = { status: 502, type: 'upstream_error', code: 'upstream_error' };
const UNREADABLE: Refusal = {
  status: 502,
  type: 'upstream_error',
  code: 'upstream_invalid_response',
};
const UPSTREAM_AUTH: Refusal = { status: 502, type: 'upstream_error', code: 'upstream_auth' };
const TIMEOUT: Refusal = { status: 504, type: 'upstream_error', code: 'upstream_timeout' };
const RATE_LIMITED: Refusal = {
  status: 429,
  type: 'rate_limit_error',
  code: 'rate_limit_exceeded',
};

let upstream: FaultUpstream;
let proxy: TestApp;
let key: string;
let secrets: string[];
let earlierCalls = 0;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  proxy = await TestApp.start({ yaml: configuration(upstream.url) });
  const created = await proxy.app.get(ApiKeysService).createForClientName('caller');
  key = created.key.reveal();
  secrets = [key, proxy.adminKey, PROVIDER_KEY, new URL(upstream.url).port];
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

beforeEach(() => {
  earlierCalls = upstream.requests.length;
});

/** Every instance asks once only, so that one script is one answer. */
function configuration(url: string): string {
  const instance = (name: string, more: string, baseUrl = `${url}/v1`) =>
    `  - { name: ${name}, type: openai, baseUrl: "${baseUrl}", apiKey: ${PROVIDER_KEY}, retries: { maxAttempts: 1 }, limits: { adaptive: false }, ${more} }`;
  const steady = 'breaker: { enabled: false }';
  return [
    'providers:',
    instance('steady', steady),
    instance('impatient', `${steady}, timeouts: { firstByteMs: 300, idleMs: 300 }`),
    instance('hurried', `${steady}, timeouts: { totalMs: 200 }`),
    instance('fragile', 'breaker: { volumeThreshold: 2, resetTimeoutMs: 60000 }'),
    instance('absent', steady, 'http://127.0.0.1:1/v1'),
    'prices:',
    '  - { model: steady/gpt-test, input: 1, output: 2, perRequest: 0.5 }',
    '  - { model: impatient/gpt-test, input: 1, output: 2 }',
  ].join('\n');
}

function ask(instance: string, more: object = {}): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: `${instance}/gpt-test`, messages: HELLO, ...more }),
  });
}

async function rowOf(requestId: string | null | undefined): Promise<UsageRow> {
  const rows = (await proxy.rows()).filter((row) => row.request_id === requestId);
  expect(rows).toHaveLength(1);
  expect(proxy.app.get(Ledger).openReservations).toBe(0);
  return rows[0]!;
}

/** An error before anything was relayed: the answer, its headers, and one row that cost nothing. */
async function expectFailed(answer: Response, expected: Refusal, more: Partial<UsageRow> = {}) {
  const parts = await partsOf(answer);
  const error = expectRefusal(parts, expected, secrets);
  const row = await rowOf(parts.headers['x-request-id']);
  expect(row).toMatchObject({
    client: 'caller',
    status: 'error',
    http_status: expected.status,
    attempts: 1,
    input_tokens: 0,
    output_tokens: 0,
    first_chunk_ms: null,
    ...more,
  });
  expect(parts.headers).toMatchObject({
    'x-llm-proxy-provider': row.provider,
    'x-llm-proxy-model': 'gpt-test',
    'x-llm-proxy-attempts': '1',
  });
  return { error, row, headers: parts.headers };
}

describe.each([false, true])('an upstream that fails, stream: %s', (stream) => {
  it.each<[string, FaultScript, Refusal]>([
    ['status 500', { status: 500, body: { error: { message: 'Oops' } } }, UPSTREAM_ERROR],
    ['status 503 as HTML', { status: 503, body: '<html>Down</html>' }, UPSTREAM_ERROR],
    ['status 529', { status: 529, body: { error: { type: 'overloaded_error' } } }, UPSTREAM_ERROR],
    ['status 409', { status: 409, body: { error: { message: 'Conflict' } } }, UPSTREAM_ERROR],
    ['a reset', { beforeHeaders: 'reset' }, UPSTREAM_ERROR],
    ['a closed connection', { beforeHeaders: 'close' }, UPSTREAM_ERROR],
    [
      'a body cut short',
      { body: completion('Hi', USAGE), afterBytes: 20, ending: 'reset' },
      UPSTREAM_ERROR,
    ],
    ['a redirect', { status: 302, headers: { location: 'http://elsewhere/' } }, UNREADABLE],
    ['HTML', { body: '<html>Welcome to the hotel</html>' }, UNREADABLE],
    ['an empty answer', { body: '', headers: { 'content-type': 'application/json' } }, UNREADABLE],
    ['JSON that is none', { body: '{"choices":[' }, UNREADABLE],
    ['an answer without choices', { body: { id: 'chatcmpl-1', choices: [] } }, UNREADABLE],
    ['broken gzip', { body: completion('Hi', USAGE), gzip: 'broken' }, UNREADABLE],
    [
      'an error with status 200',
      { body: { error: { message: 'Oops', type: 'server_error', code: null } } },
      UPSTREAM_ERROR,
    ],
    ['status 401', { status: 401, body: { error: { message: 'Bad key' } } }, UPSTREAM_AUTH],
    ['status 402', { status: 402, body: { error: { message: 'Pay' } } }, UPSTREAM_AUTH],
    ['status 403', { status: 403, body: { error: { message: 'Forbidden' } } }, UPSTREAM_AUTH],
    [
      'a refused key with status 400',
      { status: 400, body: { error: { message: `Incorrect API key provided: ${PROVIDER_KEY}` } } },
      UPSTREAM_AUTH,
    ],
    ['status 408', { status: 408, body: {} }, TIMEOUT],
  ])('%s', async (_, script, expected) => {
    upstream.next(script);
    const { row } = await expectFailed(await ask('steady', { stream }), expected, {
      provider: 'steady',
      error_code: expected.code,
      cost_nano_usd: 0,
      stream,
    });
    expect(row.estimated).toBe(false);
    expect(upstream.requests).toHaveLength(earlierCalls + 1);
  });

  it('cannot be connected to', async () => {
    await expectFailed(await ask('absent', { stream }), UPSTREAM_ERROR, {
      provider: 'absent',
      error_code: 'upstream_error',
      cost_nano_usd: null,
    });
  });

  it.each([
    ['does not begin to answer', 'impatient'],
    ['takes longer than the whole call may', 'hurried'],
  ])('%s', async (_, instance) => {
    upstream.next({ beforeHeaders: 'stall' });
    await expectFailed(await ask(instance, { stream }), TIMEOUT, {
      error_code: 'upstream_timeout',
    });
    await upstream.waitForAbort(earlierCalls);
  });

  it('limits us, and says when to come back', async () => {
    upstream.next({
      status: 429,
      headers: { 'retry-after': '7', 'retry-after-ms': '6500' },
      body: { error: { message: 'Slow down, org-1', type: 'tokens', code: 'rate_limit_exceeded' } },
    });
    const { error, headers } = await expectFailed(await ask('steady', { stream }), RATE_LIMITED, {
      error_code: 'rate_limit_exceeded',
      cost_nano_usd: 0,
    });
    expect(error.message).toBe('Slow down, org-1');
    expect(headers).toMatchObject({ 'retry-after': '7', 'retry-after-ms': '6500' });
  });

  it('limits us, and does not say when to come back', async () => {
    upstream.next({ status: 429, body: '<html>Too many</html>' });
    const { headers } = await expectFailed(await ask('steady', { stream }), RATE_LIMITED);
    expect(headers).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '1000' });
  });

  it.each<[number, object, Partial<Refusal>]>([
    [
      400,
      { message: 'Too long', type: 'invalid_request_error', param: 'messages', code: 'context' },
      { type: 'invalid_request_error', param: 'messages', code: 'context' },
    ],
    [404, { message: 'No such model', type: 'not_found', code: null }, { type: 'not_found' }],
    [
      422,
      { message: 'No', type: 'unprocessable', param: 'seed', code: 7 },
      { param: 'seed', code: '7', type: 'unprocessable' },
    ],
    [413, { message: 'Too large' }, {}],
    [
      403,
      { message: 'Flagged', code: 'content_policy_violation' },
      { code: 'content_policy_violation' },
    ],
  ])("passes on a %i that is the client's fault", async (status, body, expected) => {
    upstream.next({ status, body: { error: body } });
    const { error } = await expectFailed(
      await ask('steady', { stream }),
      { status, type: 'invalid_request_error', code: null, ...expected },
      { error_code: 'upstream_rejected', cost_nano_usd: 0 },
    );
    expect(error.message).toBe((body as { message: string }).message);
  });

  it('shows nothing of where we called and with what', async () => {
    const message = `key ${PROVIDER_KEY} and sk-proj-abcdef123456 refused at ${upstream.url}/v1, host api.internal.corp, 10.1.2.3:8080\nand so on`;
    upstream.next({ status: 400, body: { error: { message, type: 'x', param: PROVIDER_KEY } } });
    const { error } = await expectFailed(await ask('steady', { stream }), {
      status: 400,
      type: 'x',
      code: null,
      param: '[key]',
    });
    expect(error.message).toContain('key [key] and [key] refused at');
    expect(error.message).not.toMatch(/sk-proj|internal|10\.1|\n/);
  });
});

describe('an open breaker', () => {
  it('refuses at once, calls nobody and says when to come back', async () => {
    const failed = { status: 500, body: { error: { message: 'Oops' } } };
    upstream.next(failed, failed);
    await expectFailed(await ask('fragile'), UPSTREAM_ERROR);
    await expectFailed(await ask('fragile', { stream: true }), UPSTREAM_ERROR);
    for (const stream of [false, true]) {
      const { headers } = await expectFailed(
        await ask('fragile', { stream }),
        { status: 503, type: 'service_unavailable_error', code: 'upstream_unavailable' },
        { provider: 'fragile', error_code: 'upstream_unavailable' },
      );
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
      expect(Number(headers['retry-after-ms'])).toBeLessThanOrEqual(60_000);
    }
    expect(upstream.requests).toHaveLength(earlierCalls + 2);
  });
});

describe('a stream that breaks after its first chunk', () => {
  const events = streamEvents(['One', ' two', ' three'], USAGE);

  it.each<[string, string, FaultScript, Refusal]>([
    ['a reset', 'steady', { events, afterEvents: 2, ending: 'reset' }, UPSTREAM_ERROR],
    [
      'a closed connection',
      'steady',
      { events, afterEvents: 2, ending: 'truncate' },
      UPSTREAM_ERROR,
    ],
    ['an end that is too early', 'steady', { events, afterEvents: 2, ending: 'end' }, UNREADABLE],
    [
      'an error in the stream',
      'steady',
      { events, afterEvents: 2, ending: 'error' },
      UPSTREAM_ERROR,
    ],
    ['silence', 'impatient', { events, afterEvents: 2, ending: 'stall' }, TIMEOUT],
    [
      'a chunk that cannot be read',
      'steady',
      { events: [...events.slice(0, 2), 'no JSON'], done: true },
      UNREADABLE,
    ],
  ])('tells of %s in the stream and does not say [DONE]', async (_, instance, script, expected) => {
    upstream.next({ cut: 'per-event', ...script });
    const answer = await ask(instance, { stream: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await answer.text();

    const records = text.split('\n\n').filter((record) => record !== '');
    expect(records.slice(0, 2)).toEqual(
      events.slice(0, 2).map((event) => `data: ${JSON.stringify(event)}`),
    );
    expect(records).toHaveLength(3);
    expectEnvelope(JSON.parse(records[2]!.slice('data: '.length)), expected);
    expect(text.endsWith('\n\n')).toBe(true);
    expect(text).not.toContain('[DONE]');
    for (const secret of secrets) expect(text).not.toContain(secret);

    const row = await rowOf(answer.headers.get('x-request-id'));
    expect(row).toMatchObject({
      status: 'error',
      error_code: expected.code,
      http_status: expected.status,
      attempts: 1,
      estimated: true,
    });
    expect(row.input_tokens).toBeGreaterThan(0);
    expect(row.output_tokens).toBeGreaterThan(0);
    expect(row.cost_nano_usd).toBeGreaterThan(0);
    expect(upstream.requests).toHaveLength(earlierCalls + 1);
  });

  it('keeps what the upstream counted before it failed', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
    const counted = { ...chunk({ content: 'One' }), usage };
    upstream.next({ cut: 'per-event', events: [...events.slice(0, 1), counted], ending: 'reset' });
    const answer = await ask('steady', { stream: true });
    expect(await answer.text()).not.toContain('[DONE]');
    expect(await rowOf(answer.headers.get('x-request-id'))).toMatchObject({
      status: 'error',
      estimated: false,
      input_tokens: 9,
      output_tokens: 4,
    });
  });
});
