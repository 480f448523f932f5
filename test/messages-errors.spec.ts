import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InFlight } from '../src/common/in-flight.js';
import { FaultUpstream } from './support/fault-upstream.js';
import type { FaultScript } from './support/fault-script.js';
import {
  PLAYED_MODEL,
  PLAYED_VENDORS,
  playedConfiguration,
  playVendor,
  PROVIDER_KEY,
} from './support/played-vendors.js';
import { TestApp } from './support/test-app.js';

const HELLO: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
const BODY = { model: `openai/${PLAYED_MODEL}`, max_tokens: 9, messages: HELLO };

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: playedConfiguration(upstream),
    env: { MAX_BODY_BYTES: '65536', STREAM_KEEP_ALIVE_MS: '20', BASE_PATH: '/proxy' },
  });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.always(playVendor);
});

interface Asking {
  method?: string;
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function ask({ method = 'POST', path = '/v1/messages', body = BODY, headers }: Asking) {
  const answer = await fetch(`${app.url}/proxy${path}`, {
    method,
    headers: { 'x-api-key': app.adminKey, 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

/** The envelope, the id under both names, and nothing of the inside. */
async function expectRefusal(asking: Asking, status: number, type: string) {
  const { status: answered, headers, text } = await ask(asking);
  const requestId = headers.get('request-id');
  expect(answered, text).toBe(status);
  expect(headers.get('content-type')).toContain('application/json');
  expect(requestId).toMatch(/^req_/);
  expect(headers.get('x-request-id')).toBe(requestId);
  expect(JSON.parse(text)).toEqual({
    type: 'error',
    error: { type, message: expect.stringMatching(/\S/) },
    request_id: requestId,
  });
  expect(text).not.toContain(PROVIDER_KEY);
  expect(text).not.toMatch(/127\.0\.0\.1|node_modules|\.ts:\d/);
  return headers;
}

describe('an error on a route of the Messages API', () => {
  it.each<[string, Asking, number, string]>([
    ['no key', { headers: { 'x-api-key': '' } }, 401, 'authentication_error'],
    ['an unknown key', { headers: { 'x-api-key': 'sk-x' } }, 401, 'authentication_error'],
    ['two keys', { headers: { authorization: 'Bearer other' } }, 400, 'invalid_request_error'],
    ['no JSON', { body: '{' }, 400, 'invalid_request_error'],
    ['no messages', { body: { ...BODY, messages: [] } }, 400, 'invalid_request_error'],
    ['no limit', { body: { ...BODY, max_tokens: undefined } }, 400, 'invalid_request_error'],
    ['an unknown model', { body: { ...BODY, model: 'nobody' } }, 404, 'not_found_error'],
    ['a large body', { body: ' '.repeat(70_000) }, 413, 'request_too_large'],
    ['no JSON at all', { headers: { 'content-type': 'text/plain' } }, 415, 'invalid_request_error'],
    ['another method', { method: 'GET' }, 404, 'not_found_error'],
    ['an unknown route', { path: '/v1/messages/batches' }, 404, 'not_found_error'],
    ['the same with a query', { path: '/v1/messages/x?beta=true' }, 404, 'not_found_error'],
    [
      'a count of nothing',
      { path: '/v1/messages/count_tokens', body: { model: 'nobody' } },
      400,
      'invalid_request_error',
    ],
    [
      'a count without a key',
      { path: '/v1/messages/count_tokens', headers: { 'x-api-key': '' } },
      401,
      'authentication_error',
    ],
  ])('is told as Anthropic does: %s', async (_what, asking, status, type) => {
    const before = (await rows()).length;
    await expectRefusal(asking, status, type);
    expect(await rows()).toHaveLength(before);
  });

  it('is told as OpenAI does on the routes beside them', async () => {
    for (const path of ['/v1/messages-of-mine', '/v1/chat/completions', '/v1/models/nobody']) {
      const method = path.includes('models') ? 'GET' : 'POST';
      const { text, headers } = await ask({ method, path, body: {} });
      expect(JSON.parse(text)).toEqual({
        error: expect.objectContaining({ type: 'invalid_request_error' }),
      });
      if (!path.includes('models')) expect(headers.has('request-id')).toBe(false);
    }
  });

  it('comes at once to a client that looks whether anybody is there', async () => {
    const answer = await fetch(app.url, { method: 'HEAD' });
    expect(answer.status).toBe(404);
  });

  it('says that the proxy shuts down', async () => {
    const other = await TestApp.start({ yaml: playedConfiguration(upstream) });
    other.app.get(InFlight, { strict: false }).beginDrain();
    const client = new Anthropic({ apiKey: other.adminKey, baseURL: other.url, maxRetries: 0 });
    const failure = await client.messages.create(BODY).catch((error: unknown) => error);
    await other.close();
    expect(failure).toMatchObject({ status: 503, type: 'api_error' });
    expect((failure as InstanceType<typeof Anthropic.APIError>).headers!.get('retry-after')).toBe(
      '1',
    );
  });
});

describe.each(PLAYED_VENDORS.map((played) => [played.type, played.vendor] as const))(
  'an error of %s',
  (type, vendor) => {
    const body = { ...BODY, model: `${type}/${PLAYED_MODEL}` };
    const wait = { 'retry-after': '7' };

    it.each<[number, FaultScript['headers'], number, string]>([
      [400, {}, 400, 'invalid_request_error'],
      [401, {}, 502, 'api_error'],
      [404, {}, 404, 'not_found_error'],
      [413, {}, 413, 'request_too_large'],
      [429, wait, 429, 'rate_limit_error'],
      [500, {}, 502, 'api_error'],
      [503, wait, 529, 'overloaded_error'],
      [529, wait, 529, 'overloaded_error'],
    ])('%i is told as Anthropic does, and when to come back', async (status, sent, told, kind) => {
      for (const isStream of [false, true]) {
        upstream.always({ status, headers: sent, body: vendor.error(status, 'No luck') });
        const headers = await expectRefusal({ body: { ...body, stream: isStream } }, told, kind);
        if (sent === wait) expect(headers.get('retry-after')).toBe('7');
        expect(headers.get('x-llm-proxy-provider')).toBe(type);
        expect((await rows()).at(-1)).toMatchObject({
          request_id: headers.get('request-id'),
          dialect: 'messages',
          status: 'error',
          http_status: told === 529 ? 502 : told,
          cost_nano_usd: 0,
        });
      }
    });
  },
);

it('an idempotency key gets the same answer under the same id', async () => {
  for (const isStream of [false, true]) {
    const headers = { 'idempotency-key': `once-${isStream}` };
    const body = { ...BODY, stream: isStream };
    const first = await ask({ body, headers });
    const again = await ask({ body, headers });
    expect(first.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('request-id')).toBe(first.headers.get('request-id'));
    expect(again.headers.get('x-request-id')).toBe(first.headers.get('x-request-id'));
  }
});

it.each(PLAYED_VENDORS.map(({ type }) => [type]))(
  'a silent stream of %s is kept open with pings',
  async (type) => {
    const gate = Promise.withResolvers<void>();
    upstream.always((request) => ({ ...playVendor(request), gate: gate.promise }));
    const answer = await fetch(`${app.url}/proxy/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': app.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ ...BODY, model: `${type}/${PLAYED_MODEL}`, stream: true }),
    });
    let text = '';
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.split('event: ping\ndata: {"type":"ping"}\n\n').length > 3) gate.resolve();
    }
    expect(text).toContain('event: message_stop');
    expect(text).not.toContain('keep-alive');
  },
);

/** Below the base path, where `TestApp` does not look. */
async function rows() {
  const answer = await fetch(`${app.url}/proxy/api/usage/export?format=ndjson`, {
    headers: { authorization: `Bearer ${app.adminKey}` },
  });
  const text = await answer.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
