import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { expectRefusal, partsOf, type Refusal } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { sendRaw } from './support/raw-request.js';
import { TestApp } from './support/test-app.js';

const MAX_BODY_BYTES = 65_536;
const PROVIDER_KEY = 'provider-key-0123456789';

const INVALID_JSON: Refusal = { status: 400, type: 'invalid_request_error', code: 'invalid_json' };
const INVALID_VALUE: Refusal = {
  status: 400,
  type: 'invalid_request_error',
  code: 'invalid_value',
};
const INVALID_KEY: Refusal = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
};
const MODEL_NOT_FOUND: Refusal = {
  status: 404,
  type: 'invalid_request_error',
  code: 'model_not_found',
  param: 'model',
};
const NOT_FOUND: Refusal = { status: 404, type: 'invalid_request_error', code: 'not_found' };
const TOO_LARGE: Refusal = {
  status: 413,
  type: 'invalid_request_error',
  code: 'request_too_large',
};
const UNSUPPORTED_MEDIA: Refusal = {
  status: 415,
  type: 'invalid_request_error',
  code: 'unsupported_media_type',
};

let upstream: FaultUpstream;
let proxy: TestApp;
let key: string;
let secrets: string[];

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  const provider = (name: string) =>
    `  - { name: ${name}, type: openai, baseUrl: "${upstream.url}/v1", apiKey: ${PROVIDER_KEY} }`;
  proxy = await TestApp.start({
    yaml: ['providers:', provider('one'), provider('two')].join('\n'),
    env: { MAX_BODY_BYTES: String(MAX_BODY_BYTES), MAX_JSON_DEPTH: '8', MAX_HEADER_BYTES: '8192' },
  });
  key = await createKey('caller');
  secrets = [key, proxy.adminKey, PROVIDER_KEY, new URL(upstream.url).port];
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

async function createKey(client: string, options: object = {}): Promise<string> {
  const created = await proxy.app.get(ApiKeysService).createForClientName(client, options);
  return created.key.reveal();
}

function post(
  body: string | Buffer | object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: isText ? (body as string | Buffer<ArrayBuffer>) : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

function get(path: string, headers: Record<string, string> = {}) {
  return fetch(`${proxy.url}${path}`, { headers });
}

/** Refused before it was admitted: no upstream was called and the ledger knows nothing of it. */
async function expectRefusedEarly(answer: Response, expected: Refusal) {
  const parts = await partsOf(answer);
  const error = expectRefusal(parts, expected, secrets);
  expect(upstream.requests).toEqual([]);
  const requestId = parts.headers['x-request-id'];
  expect((await proxy.rows()).filter((row) => row.request_id === requestId)).toEqual([]);
  return { error, ...parts };
}

describe('a body that cannot be read', () => {
  const nested = (depth: number) =>
    `{"model":"one/m","messages":[{"role":"user","content":"x"}],"metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;

  it.each<[string, string | Buffer]>([
    ['no JSON', 'model=one/m'],
    ['nothing', ''],
    ['JSON that breaks off', '{"model":"one/m","messages":['],
    ['text after the JSON', '{"model":"one/m","messages":[]} and more'],
    ['a list', '[]'],
    ['a string', '"model"'],
    ['null', 'null'],
    ['bad UTF-8', Buffer.from('{"model":"one/\xff","messages":[]}', 'latin1')],
    ['half a character', Buffer.from('{"model":"€'.slice(0, -1) + '\xe2\x82', 'latin1')],
    ['more levels than allowed', nested(8)],
    ['thousands of levels', '['.repeat(30_000)],
    ['a prototype key', '{"model":"one/m","messages":[],"__proto__":{"stream":true}}'],
    ['an escaped prototype key', '{"model":"one/m","messages":[],"__prot\\u006f__":{}}'],
    ['a prototype key within', '{"model":"one/m","messages":[{"role":"user","__proto__":{}}]}'],
    ['a constructor key', '{"model":"one/m","messages":[],"constructor":{"prototype":{}}}'],
  ])('refuses %s', async (_, body) => {
    await expectRefusedEarly(await post(body), INVALID_JSON);
  });

  it('names the depth that is allowed, and allows it', async () => {
    const { error } = await expectRefusedEarly(await post(nested(8)), INVALID_JSON);
    expect(error.message).toBe('The request body is nested deeper than 8 levels.');
    const answer = await post(nested(7).replace('one/m', 'nowhere/m'));
    await expectRefusedEarly(answer, MODEL_NOT_FOUND);
  });

  it('refuses a gzip body that is none', async () => {
    const answer = await post('{"model":"one/m"}', { 'content-encoding': 'gzip' });
    await expectRefusedEarly(answer, INVALID_JSON);
  });
});

describe('a value that is wrong', () => {
  const request = { model: 'one/m', messages: HELLO };

  it.each<[string, object]>([
    ['model', { messages: HELLO }],
    ['model', { ...request, model: 7 }],
    ['model', { ...request, model: '' }],
    ['messages', { model: 'one/m' }],
    ['messages', { ...request, messages: [] }],
    ['messages', { ...request, messages: 'Hello' }],
    ['messages[1]', { ...request, messages: [...HELLO, 'Hello'] }],
    ['messages[0].role', { ...request, messages: [{ content: 'Hello' }] }],
    ['messages[1].role', { ...request, messages: [...HELLO, { role: 'robot' }] }],
    ['messages[0].content', { ...request, messages: [{ role: 'user', content: 7 }] }],
    [
      'messages[0].content[1].type',
      {
        ...request,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { text: 'b' }] }],
      },
    ],
    [
      'messages[0].content[0].text',
      { ...request, messages: [{ role: 'user', content: [{ type: 'text', text: 7 }] }] },
    ],
    ['messages[0].tool_calls', { ...request, messages: [{ role: 'assistant', tool_calls: 'x' }] }],
    ['temperature', { ...request, temperature: 'hot' }],
    ['temperature', { ...request, temperature: 2.1 }],
    ['top_p', { ...request, top_p: -1 }],
    ['n', { ...request, n: 0 }],
    ['n', { ...request, n: 1.5 }],
    ['max_tokens', { ...request, max_tokens: 0 }],
    ['stream', { ...request, stream: 'yes' }],
    ['stream_options.include_usage', { ...request, stream_options: { include_usage: 1 } }],
    ['stop[1]', { ...request, stop: ['a', 1] }],
    ['tools[0].type', { ...request, tools: [{ function: { name: 'f' } }] }],
    ['response_format.type', { ...request, response_format: {} }],
  ])('names %s', async (param, body) => {
    const { error } = await expectRefusedEarly(await post(body), { ...INVALID_VALUE, param });
    expect(error.message).toContain(`'${param}'`);
  });

  it('lists what a value may be', async () => {
    const body = { ...request, messages: [{ role: 'robot', content: 'Hello' }] };
    const { error } = await expectRefusedEarly(await post(body), {
      ...INVALID_VALUE,
      param: 'messages[0].role',
    });
    expect(error.message).toContain('"developer", "system", "user", "assistant", "tool"');
  });

  it('shows nothing of the value', async () => {
    const body = { ...request, temperature: 'a secret value' };
    const { body: text } = await expectRefusedEarly(await post(body), {
      ...INVALID_VALUE,
      param: 'temperature',
    });
    expect(text).not.toContain('a secret value');
  });

  it('refuses an idempotency key that is none', async () => {
    const answer = await post(request, { 'idempotency-key': 'a'.repeat(256) });
    await expectRefusedEarly(answer, { ...INVALID_VALUE, param: 'idempotency-key' });
  });

  it('names what is wrong in a query', async () => {
    const answer = await get('/api/usage/export?format=pdf', {
      authorization: `Bearer ${proxy.adminKey}`,
    });
    await expectRefusedEarly(answer, { ...INVALID_VALUE, param: 'format' });
  });
});

describe('a key that is not good', () => {
  it('gives one answer whatever is wrong with it', async () => {
    const keys = proxy.app.get(ApiKeysService);
    const revoked = await keys.createForClientName('revoked');
    await keys.revoke(revoked.id);
    const expiresAt = Date.now() + 50;
    const expired = await createKey('expired', { expiresAt });
    await expect.poll(() => Date.now() > expiresAt, { interval: 10 }).toBe(true);
    const absent: Record<string, string>[] = [
      {},
      { authorization: 'Bearer' },
      { authorization: `Basic ${key}` },
    ];
    const presented: Record<string, string>[] = [
      { authorization: 'Bearer sk-short' },
      { authorization: `Bearer sk-unknown-${'0'.repeat(40)}` },
      { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}` },
      { authorization: `Bearer ${revoked.key.reveal()}` },
      { authorization: `Bearer ${expired}` },
      { 'x-api-key': revoked.key.reveal() },
      { 'api-key': expired },
    ];
    const told = new Set<string>();
    for (const path of ['/v1/models', '/v1/models/one/m', '/api/usage/export']) {
      // Under /api, who has no key may be a person: there it is the session that is missing.
      const sent = path.startsWith('/v1') ? [...absent, ...presented] : presented;
      for (const headers of sent) {
        const { body } = await expectRefusedEarly(await get(path, headers), INVALID_KEY);
        told.add(body);
      }
    }
    const chat = await post({ model: 'one/m', messages: HELLO }, { authorization: 'Bearer no' });
    told.add((await expectRefusedEarly(chat, INVALID_KEY)).body);
    expect(told.size).toBe(1);
  });

  it('comes before everything that is wrong with the request', async () => {
    const answer = await post('no JSON', { authorization: 'Bearer no', 'content-type': 'a/b' });
    await expectRefusedEarly(answer, INVALID_KEY);
  });

  it('refuses two different keys in one request', async () => {
    const answer = await get('/v1/models', {
      authorization: `Bearer ${key}`,
      'x-api-key': proxy.adminKey,
    });
    await expectRefusedEarly(answer, {
      status: 400,
      type: 'invalid_request_error',
      code: 'conflicting_credentials',
    });
  });

  it('refuses a role that is not enough', async () => {
    await expectRefusedEarly(await get('/api/usage/export', { 'x-api-key': key }), {
      status: 403,
      type: 'permission_error',
      code: 'insufficient_permissions',
    });
  });
});

describe('a model that cannot be had', () => {
  it('gives one answer for unknown and for not allowed', async () => {
    const limited = {
      authorization: `Bearer ${await createKey('limited', { allowedModels: [] })}`,
    };
    const unknown = await post({ model: 'gpt-nowhere', messages: HELLO });
    const { body: first } = await expectRefusedEarly(unknown, MODEL_NOT_FOUND);
    const refused = await post({ model: 'one/gpt-4o', messages: HELLO }, limited);
    const { body: second } = await expectRefusedEarly(refused, MODEL_NOT_FOUND);
    expect(second).toBe(first.replace('gpt-nowhere', 'one/gpt-4o'));

    const listed = await get('/v1/models/one/gpt-4o', limited);
    const { body: third } = await expectRefusedEarly(listed, MODEL_NOT_FOUND);
    expect(third).toBe(second);
  });

  it('lists the candidates of an ambiguous name', async () => {
    const { error } = await expectRefusedEarly(await post({ model: 'gpt-4o', messages: HELLO }), {
      status: 400,
      type: 'invalid_request_error',
      code: 'ambiguous_model',
      param: 'model',
    });
    expect(error.message).toContain('one/gpt-4o, two/gpt-4o');
  });

  it('tells a key nothing of instances that it may not use', async () => {
    const limited = await createKey('limited to one', { allowedModels: ['one/*'] });
    const answer = await post(
      { model: 'gpt-4o', messages: HELLO },
      { authorization: `Bearer ${limited}` },
    );
    const { body } = await expectRefusedEarly(answer, MODEL_NOT_FOUND);
    expect(body).not.toContain('two/');
  });
});

describe('a route that is not there', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['POST', '/v1/nothing'],
    ['GET', '/v1/chat/completions'],
    ['DELETE', '/v1/models'],
    ['PUT', '/v1/chat/completions'],
    ['GET', '/api/nothing'],
  ])('%s %s', async (method, path) => {
    const answer = await fetch(`${proxy.url}${path}?key=${key}`, { method });
    const { error } = await expectRefusedEarly(answer, NOT_FOUND);
    expect(error.message).toBe(`Unknown route: ${method} ${path}.`);
  });

  it('refuses a path that is not encoded', async () => {
    const answer = await get('/v1/models/%E0%A4%A', { 'x-api-key': key });
    await expectRefusedEarly(answer, INVALID_VALUE);
  });
});

describe('a body of the wrong size or kind', () => {
  const head = (...lines: string[]) =>
    [
      'POST /v1/chat/completions HTTP/1.1',
      'host: proxy',
      `x-api-key: ${key}`,
      'content-type: application/json',
      ...lines,
      '\r\n',
    ].join('\r\n');

  it('is refused by its declared length, before the rest is read', async () => {
    const answer = await sendRaw(proxy.url, head('content-length: 104857600'), '{"model":"');
    const error = expectRefusal(answer, TOO_LARGE, secrets);
    expect(error.message).toBe(`The request body is larger than ${MAX_BODY_BYTES} bytes.`);
    expect(answer.headers['connection']).toBe('close');
  });

  it('is refused when its chunks add up to too much', async () => {
    const chunk = `2000\r\n${'a'.repeat(0x2000)}\r\n`;
    const answer = await sendRaw(
      proxy.url,
      head('transfer-encoding: chunked'),
      ...Array.from({ length: 9 }, () => chunk),
    );
    expectRefusal(answer, TOO_LARGE, secrets);
    expect(answer.headers['connection']).toBe('close');
  });

  it('is refused when it is too large only once it is unpacked', async () => {
    const packed = gzipSync(JSON.stringify({ model: 'one/m', text: 'a'.repeat(MAX_BODY_BYTES) }));
    expect(packed.length).toBeLessThan(1000);
    await expectRefusedEarly(await post(packed, { 'content-encoding': 'gzip' }), TOO_LARGE);
  });

  it('is answered also to a client that goes on sending', async () => {
    const answer = await post(Buffer.alloc(8 * 1024 * 1024, 'a'));
    await expectRefusedEarly(answer, TOO_LARGE);
  });

  it.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=latin1',
  ])('is refused as %s', async (contentType) => {
    const answer = await post('{}', { 'content-type': contentType });
    await expectRefusedEarly(answer, UNSUPPORTED_MEDIA);
  });

  it('is refused in an encoding that nobody knows', async () => {
    await expectRefusedEarly(await post('{}', { 'content-encoding': 'lzma' }), UNSUPPORTED_MEDIA);
  });

  it('is refused with headers that are too large', async () => {
    const answer = await sendRaw(proxy.url, head(`x-padding: ${'a'.repeat(9000)}`));
    expectRefusal(
      answer,
      { status: 431, type: 'invalid_request_error', code: 'headers_too_large' },
      secrets,
    );
    expect(answer.headers['connection']).toBe('close');
  });

  it('is refused when it is not HTTP', async () => {
    const answer = await sendRaw(proxy.url, 'HELLO\r\n\r\n');
    expectRefusal(answer, INVALID_VALUE, secrets);
  });
});

describe('an idempotency key', () => {
  const request = { model: 'one/gpt-4o', messages: HELLO };

  it('is refused while its request is in progress, and with another body', async () => {
    upstream.next({ beforeHeaders: 'stall' });
    const leaving = new AbortController();
    const first = post(request, { 'idempotency-key': 'once' }, leaving.signal);
    await upstream.waitForRequest(0);

    const second = await partsOf(await post(request, { 'idempotency-key': 'once' }));
    expectRefusal(
      second,
      { status: 409, type: 'idempotency_error', code: 'idempotency_in_progress' },
      secrets,
    );
    expect(second.headers['retry-after']).toBe('1');
    const other = await post({ ...request, n: 2 }, { 'idempotency-key': 'once' });
    expectRefusal(
      await partsOf(other),
      { status: 400, type: 'idempotency_error', code: 'idempotency_mismatch' },
      secrets,
    );

    leaving.abort();
    await expect(first).rejects.toThrow();
    await expect.poll(() => proxy.rows()).toHaveLength(1);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('every error of a client route', () => {
  it('says which upstream it came from, also when it came from none', async () => {
    const refusals = [
      await post('no JSON'),
      await get('/v1/models'),
      await get('/v1/models/nothing', { 'x-api-key': key }),
      await get('/v1/nothing'),
    ];
    for (const { headers } of refusals) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-llm-proxy-provider': 'none',
        'x-llm-proxy-model': 'none',
        'x-llm-proxy-attempts': '0',
        'x-llm-proxy-cache': 'bypass',
        'x-llm-proxy-translation': '',
      });
    }
  });

  it("carries the caller's own request id", async () => {
    const answer = await post('no JSON', { 'x-request-id': 'mine_1-2' });
    expect(answer.headers.get('x-request-id')).toBe('mine_1-2');
  });
});
