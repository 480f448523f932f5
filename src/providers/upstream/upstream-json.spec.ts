import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import { ProviderError } from '../contract/provider-error.js';
import { Upstream } from './upstream.js';

describe(`${Upstream.name}.json`, () => {
  let server: FaultUpstream;
  let upstream: Upstream;

  beforeEach(async () => {
    server = await FaultUpstream.start();
    upstream = new Upstream();
  });

  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await server.close();
  });

  const failure = async (
    instance = createInstance(server.url),
    target = {},
  ): Promise<ProviderError> => {
    const outcome = await upstream
      .json(createCall(instance, target))
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ProviderError);
    return outcome as ProviderError;
  };

  it('sends the body and the key and reads the answer whole', async () => {
    server.next({ body: { answer: 'größer ✓' }, cut: 1, headers: { 'x-request-id': 'abc' } });
    const instance = createInstance(`${server.url}/v1`);

    const response = await upstream.json(
      createCall(instance, { headers: { traceparent: '00-1' } }),
    );

    expect(JSON.parse(response.text)).toEqual({ answer: 'größer ✓' });
    expect(response.status).toBe(200);
    expect(response.headers['x-request-id']).toBe('abc');
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/chat/completions',
        body: '{"model":"model"}',
        headers: {
          authorization: 'Bearer sk-first-key-of-the-tests',
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'llm-proxy',
          traceparent: '00-1',
        },
      },
    ]);
  });

  it('sends no key when the instance has none', async () => {
    server.next({ body: {} });
    await upstream.json(createCall(createInstance(server.url, { apiKeys: [] })));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('uses its connections again for calls that follow each other, and at most maxConnections', async () => {
    server.always({ body: {} });
    const instance = createInstance(server.url, { maxConnections: 3 });
    for (let index = 0; index < 5; index += 1) await upstream.json(createCall(instance));
    // A connection is free one turn of the event loop after its answer, so two take turns.
    expect(server.connectionCount).toBeLessThanOrEqual(2);

    await Promise.all(Array.from({ length: 40 }, () => upstream.json(createCall(instance))));
    expect(server.connectionCount).toBe(3);
    expect(server.requests).toHaveLength(45);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('reads %s, small and large', async (encoding, compress) => {
    for (const text of ['{"a":"é"}', JSON.stringify({ a: 'é'.repeat(3_000_000) })]) {
      server.next({
        body: compress(Buffer.from(text)),
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      });
      const response = await upstream.json(createCall(createInstance(server.url)));
      expect(response.text === text).toBe(true);
    }
  });

  it.each([
    ['damaged gzip', { body: { a: 'b'.repeat(200) }, gzip: 'broken' as const }],
    ['gzip without its end', { body: { a: 'b'.repeat(200) }, gzip: 'truncated' as const }],
    ['an unknown encoding', { body: {}, headers: { 'content-encoding': 'zstd' } }],
    ['a web page', { body: '<html><body>Sign in</body></html>' }],
    ['a redirect', { status: 302, headers: { location: 'http://elsewhere.test/' } }],
  ])('refuses %s', async (_, script) => {
    server.always(script);
    const error = await failure();
    expect(error).toMatchObject({ kind: 'invalid_response', retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it('reads an answer of several megabytes', async () => {
    const body = { text: 'x'.repeat(5_000_000) };
    server.next({ body });
    const response = await upstream.json(createCall(createInstance(server.url)));
    expect(response.text.length).toBe(JSON.stringify(body).length);
  });

  it.each([
    [400, 'rejected'],
    [401, 'auth'],
    [402, 'auth'],
    [403, 'auth'],
    [404, 'rejected'],
    [408, 'timeout'],
    [409, 'failed'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [500, 'failed'],
    [503, 'failed'],
    [529, 'failed'],
  ] as const)('turns status %i into %s', async (status, kind) => {
    server.next({
      status,
      headers: { 'retry-after': '7', 'x-request-id': 'req_1' },
      body: { error: { message: 'Why', type: 'some_type', code: 'some_code', param: 'n' } },
    });
    expect(await failure()).toMatchObject({
      kind,
      status,
      message: 'Why',
      vendorType: 'some_type',
      vendorCode: 'some_code',
      param: 'n',
      retryAfterMs: 7000,
      upstreamRequestId: 'req_1',
    });
  });

  it.each([
    ['HTML', { body: '<html>Bad gateway at 10.0.0.1</html>' }],
    ['nothing', {}],
    ['damaged gzip', { body: { error: { message: 'x'.repeat(500) } }, gzip: 'broken' as const }],
    ['a cut body', { body: { error: { message: 'x' } }, afterBytes: 9, ending: 'reset' as const }],
    ['an endless body', { events: ['x'.repeat(1000)], repeat: 100_000 }],
  ])('keeps the status of an error whose body is %s', async (_, script) => {
    server.next({ ...script, status: 502 });
    expect(await failure()).toMatchObject({
      kind: 'failed',
      status: 502,
      message: 'The upstream answered with status 502',
    });
  });

  it('reads a compressed explanation', async () => {
    server.next({ status: 400, body: { error: { message: 'Why' } }, gzip: true });
    expect(await failure()).toMatchObject({ kind: 'rejected', message: 'Why' });
  });

  it.each([
    [
      'before the headers',
      { beforeHeaders: 'reset' as const },
      'The connection to the upstream failed',
    ],
    [
      'by closing at once',
      { beforeHeaders: 'close' as const },
      'The connection to the upstream failed',
    ],
    [
      'within the body',
      { body: { a: 'b'.repeat(100) }, afterBytes: 50, ending: 'reset' as const },
      'The upstream ended its answer early',
    ],
    [
      'by closing within the body',
      { body: { a: 'b'.repeat(100) }, afterBytes: 50, ending: 'truncate' as const },
      'The upstream ended its answer early',
    ],
    [
      'short of its content length',
      {
        body: { a: 'b' },
        headers: { 'content-length': '1000', connection: 'close' },
        ending: 'truncate' as const,
      },
      'The upstream ended its answer early',
    ],
  ])('fails when the connection breaks %s', async (_, script, message) => {
    server.next(script);
    expect(await failure()).toMatchObject({ kind: 'failed', status: undefined, message });
  });

  it('fails when nobody listens, without naming the address', async () => {
    const instance = createInstance(server.url);
    await server.close();
    const error = await failure(instance);
    server = await FaultUpstream.start();
    expect(error).toMatchObject({ kind: 'failed', cause: { code: 'ECONNREFUSED' } });
    expect(error.message).not.toContain('127.0.0.1');
  });

  it('refuses headers that cannot be sent', async () => {
    expect(await failure(undefined, { headers: { tracestate: 'a\r\nb: c' } })).toMatchObject({
      kind: 'rejected',
    });
  });

  it('never shows a key, in no error', async () => {
    const instance = createInstance(server.url, { apiKeys: ['sk-canary-canary-canary'] });
    server.next({
      status: 401,
      body: { error: { message: 'Incorrect API key provided: sk-canary-canary-canary.' } },
    });
    const error = await failure(instance);
    expect(error.message).toBe('Incorrect API key provided: [key].');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
  });

  it.each([401, 402, 403, 429])('uses the next key after a %i', async (status) => {
    const instance = createInstance(server.url, { apiKeys: ['one-one', 'two-two', 'three-three'] });
    server.next({ status, body: {} }, { body: {} }, { status, body: {} }, { body: {} });
    for (let index = 0; index < 4; index += 1) {
      await upstream.json(createCall(instance)).catch(() => undefined);
    }
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      ['one-one', 'two-two', 'two-two', 'three-three'].map((key) => `Bearer ${key}`),
    );
  });

  it('calls nobody while every key rests, and says what they were refused with', async () => {
    const instance = createInstance(server.url, { apiKeys: ['one-one', 'two-two'] });
    server.always({ status: 429, headers: { 'retry-after': '30' }, body: {} });
    const errors = [];
    for (let index = 0; index < 5; index += 1) {
      errors.push(await upstream.json(createCall(instance)).catch((error: unknown) => error));
    }
    expect(server.requests).toHaveLength(2);
    expect(errors.at(-1)).toMatchObject({ kind: 'rate_limited', unsent: true });
    // Of another model nothing is known.
    server.always({ body: {} });
    await upstream.json(createCall(instance, { model: 'other' }));
    expect(server.requests).toHaveLength(3);
  });

  it('moves on by one key when many calls are refused together', async () => {
    const instance = createInstance(server.url, { apiKeys: ['one-one', 'two-two', 'three-three'] });
    server.when(({ headers }) => headers.authorization === 'Bearer one-one', { status: 429 });
    server.always({ body: {} });
    await Promise.allSettled(Array.from({ length: 9 }, () => upstream.json(createCall(instance))));
    await upstream.json(createCall(instance));
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer two-two');
  });

  it('keeps the key after other errors', async () => {
    const instance = createInstance(server.url, { apiKeys: ['one-one', 'two-two'] });
    server.next({ status: 400, body: {} }, { status: 500, body: {} }, { body: {} });
    for (let index = 0; index < 3; index += 1) {
      await upstream.json(createCall(instance)).catch(() => undefined);
    }
    const used = new Set(server.requests.map(({ headers }) => headers.authorization));
    expect([...used]).toEqual(['Bearer one-one']);
  });
});
