import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InFlight } from '../src/common/in-flight.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { JsonDocument } from '../src/common/json/json-document.js';
import { NO_USAGE } from '../src/providers/contract/token-usage.js';
import type { Provider } from '../src/providers/contract/provider.js';
import type { EmbeddingsList } from '../src/providers/embeddings/embeddings-api.js';
import { OpenAiCompatibleProvider } from '../src/providers/openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from '../src/providers/openai/openai.provider.js';
import { Upstream } from '../src/providers/upstream/upstream.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

let app: TestApp;

function embed(body: unknown, init: RequestInit = {}): Promise<Response> {
  const { headers, ...rest } = init;
  return fetch(`${app.url}/v1/embeddings`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${app.demoKey ?? app.adminKey}`,
      'content-type': 'application/json',
      ...(headers as Record<string, string>),
    },
    ...rest,
  });
}

describe('embeddings of the simulated provider', () => {
  let client: OpenAI;

  beforeAll(async () => {
    app = await TestApp.start();
    client = new OpenAI({ apiKey: app.demoKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });
  afterAll(() => app.close());

  const vectorsOf = async (options: Partial<OpenAI.EmbeddingCreateParams>) => {
    const params = { model: 'simulated/embed', input: 'A cat', ...options };
    const { data } = await client.embeddings.create(params);
    expect(data.map(({ index }) => index)).toEqual(data.map((_, index) => index));
    return data.map(({ embedding }) => embedding);
  };

  it('answer the SDK, which asks for base64 when nobody says otherwise', async () => {
    const [encoded] = await vectorsOf({});
    const [plain] = await vectorsOf({ encoding_format: 'float' });
    expect(encoded).toHaveLength(256);
    expect(Math.hypot(...encoded!)).toBeCloseTo(1, 5);
    expect(encoded).toEqual(plain!.map(Math.fround));
  });

  it('come in the order of the inputs', async () => {
    const inputs = Array.from({ length: 300 }, (_, index) => `text ${index}`);
    const together = await vectorsOf({ input: inputs });
    for (const index of [0, 1, 150, 299]) {
      expect(together[index]).toEqual((await vectorsOf({ input: inputs[index]! }))[0]);
    }
  });

  it('have the dimensions that were asked for', async () => {
    expect((await vectorsOf({ dimensions: 7 }))[0]).toHaveLength(7);
  });

  it('are made of tokens as well', async () => {
    const [one] = await vectorsOf({ input: [1, 2, 3] });
    const both = await vectorsOf({ input: [[4], [1, 2, 3]] });
    expect(both).toHaveLength(2);
    expect(both[1]).toEqual(one);
  });

  it('are in the ledger by their input alone', async () => {
    const { data, response } = await client.embeddings
      .create({ model: 'simulated/embed', input: 'x'.repeat(400), user: 'somebody' })
      .withResponse();
    const { cost } = data.usage as unknown as { cost: number };
    expect(data).toMatchObject({
      object: 'list',
      model: 'embed',
      usage: { prompt_tokens: 100, total_tokens: 100 },
    });
    expect(response.headers.get('x-llm-proxy-provider')).toBe('simulated');
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('1');
    expect(response.headers.get('x-llm-proxy-cost')).toBe('0.0001');
    expect(cost).toBe(0.0001);
    expect((await app.rows()).at(-1)).toMatchObject({
      request_id: response.headers.get('x-request-id'),
      dialect: 'embeddings',
      model: 'embed',
      status: 'ok',
      stream: false,
      input_tokens: 100,
      output_tokens: 0,
      cost_nano_usd: 100_000,
      estimated: false,
      user: 'somebody',
    });
  });

  it.each([
    ['no input', {}, 'input'],
    ['an empty text', { input: '' }, 'input'],
    ['an empty list', { input: [] }, 'input'],
    ['an empty text in a list', { input: ['a', ''] }, 'input[1]'],
    ['a mixed list', { input: ['a', 1] }, 'input[1]'],
    ['more inputs than allowed', { input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
    ['a fraction of a token', { input: [[1.5]] }, 'input[0][0]'],
    ['another encoding', { input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    ['no dimensions at all', { input: 'a', dimensions: 0 }, 'dimensions'],
  ])('are refused: %s', async (_what, members, param) => {
    const before = (await app.rows()).length;
    expectRefusal(await partsOf(await embed({ model: 'simulated/embed', ...members })), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
    expect(await app.rows()).toHaveLength(before);
  });

  it('are not made by a model that chats', async () => {
    expectRefusal(await partsOf(await embed({ model: 'simulated/echo', input: 'a' })), {
      status: 404,
      type: 'invalid_request_error',
      code: null,
      param: 'model',
    });
  });
});

const VECTORS: EmbeddingsList = {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [0.25, -1] }],
  model: 'vendor-model',
  usage: { prompt_tokens: 5, total_tokens: 5 },
};

/** Passes bodies through, and takes the vendor's count when there is one. */
function passThrough(upstream: Upstream): NonNullable<Provider['embed']> {
  return async ({ body }, target) => {
    const call = { target, method: 'POST', path: '/embeddings', body: body.text } as const;
    const { text } = await upstream.json(call);
    const answer = JSON.parse(text) as Partial<EmbeddingsList>;
    const count = answer.usage?.prompt_tokens;
    return {
      body: JsonDocument.fromText<EmbeddingsList>(text),
      ...(count !== undefined && {
        usage: { ...NO_USAGE, inputUncached: count, raw: answer.usage },
      }),
    };
  };
}

describe('embeddings of a vendor', () => {
  let first: FaultUpstream;
  let second: FaultUpstream;

  beforeEach(async () => {
    [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
    const type = 'openai-compatible';
    const retries = { maxAttempts: 2, baseMs: 0 };
    app = await TestApp.start({
      yaml: JSON.stringify({
        providers: [
          { name: 'first', type, baseUrl: first.url, retries, disconnect: 'cancel' },
          { name: 'second', type, baseUrl: second.url, retries },
          { name: 'mute', type: 'openai', baseUrl: first.url, apiKey: 'sk-mute-0123456789' },
        ],
        models: [
          { name: 'vectors', targets: [{ model: 'first/a' }], fallbacks: ['second/b'] },
          { name: 'mixed', targets: [{ model: 'mute/a' }], fallbacks: ['second/b'] },
        ],
        prices: [{ model: 'second/b', input: 2, output: 0 }],
      }),
    });
    const vendor: Provider = app.app.get(OpenAiCompatibleProvider, { strict: false });
    vendor.embed = passThrough(app.app.get(Upstream, { strict: false }));
    const mute: Provider = app.app.get(OpenAiProvider, { strict: false });
    mute.embed = undefined as never;
    second.always({ body: VECTORS });
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([first.close(), second.close()]);
  });

  it('get the body as it came, with the vendor’s own name of the model', async () => {
    const text = '{ "big": 12345678901234567890, "model":"second/b", "input" : ["a"] }';
    expect((await embed(text)).status).toBe(200);
    expect(second.requests[0]!.body).toBe(text.replace('second/b', 'b'));
  });

  it('are asked for again, and then elsewhere', async () => {
    first.always({ status: 500, body: { error: { message: 'Oops' } } });
    const answer = await embed({ model: 'vectors', input: 'Hello' });
    expect(await answer.json()).toMatchObject({ data: VECTORS.data, usage: { cost: 0.00001 } });
    expect(first.requests).toHaveLength(2);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('3');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('second');
    expect((await app.rows()).at(-1)).toMatchObject({
      dialect: 'embeddings',
      requested_model: 'vectors',
      provider: 'second',
      attempts: 3,
      input_tokens: 5,
      cost_nano_usd: 10_000,
    });
  });

  it('are not asked of a provider that makes none', async () => {
    const answer = await embed({ model: 'mixed', input: 'Hello' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('1');
    expect(first.requests).toHaveLength(0);
    expect(second.requests).toHaveLength(1);
  });

  it('are refused where nobody makes any', async () => {
    expectRefusal(await partsOf(await embed({ model: 'mute/a', input: 'Hello' })), {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      param: 'model',
    });
    expect(first.requests).toHaveLength(0);
    expect(await app.rows()).toEqual([]);
  });

  it.each([
    ['text', 'x'.repeat(40), countTokensInSlices('x'.repeat(40))],
    ['tokens', [[1, 2, 3], [4]], 4],
  ])('are estimated when the vendor does not count: %s', async (_what, input, tokens) => {
    const { usage: _usage, ...uncounted } = VECTORS;
    second.always({ body: uncounted });
    const answer = await embed({ model: 'second/b', input });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...uncounted,
      usage: { prompt_tokens: tokens, total_tokens: tokens, cost: expect.any(Number) },
    });
    expect((await app.rows()).at(-1)).toMatchObject({
      input_tokens: tokens,
      output_tokens: 0,
      cost_nano_usd: tokens * 2000,
      estimated: true,
    });
  });

  it('tell of a failure in the usual form', async () => {
    first.always({ beforeHeaders: 'reset' });
    const answer = await embed({ model: 'first/a', input: 'Hello' });
    expectRefusal(await partsOf(answer), {
      status: 502,
      type: 'upstream_error',
      code: 'upstream_error',
    });
    expect((await app.rows()).at(-1)).toMatchObject({
      status: 'error',
      attempts: 2,
      input_tokens: 0,
    });
  });

  it('are answered once under an idempotency key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { model: 'second/b', input: 'Hello' };
    const text = await (await embed(body, { headers })).text();
    const again = await embed(body, { headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
    expect(second.requests).toHaveLength(1);
    expect(await app.rows()).toHaveLength(1);
  });

  it('are broken off when the client leaves', async () => {
    first.always({ beforeHeaders: 'stall' });
    const leave = new AbortController();
    const answer = embed({ model: 'first/a', input: 'Hello' }, { signal: leave.signal });
    await first.waitForRequest(0);
    leave.abort();
    await expect(answer).rejects.toThrow();
    await first.waitForAbort(0);
    const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
    expect(row).toMatchObject({ status: 'client_aborted', attempts: 1, estimated: true });
  });

  it('are refused while the proxy shuts down', async () => {
    app.app.get(InFlight, { strict: false }).beginDrain();
    expectRefusal(await partsOf(await embed({ model: 'second/b', input: 'Hello' })), {
      status: 503,
      type: 'service_unavailable_error',
      code: 'shutting_down',
    });
  });
});
