import OpenAI, { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { fieldOf, formPartsOf } from './support/form-parts.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

const USAGE = {
  input_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  output_tokens: 100,
  total_tokens: 150,
};
const PICTURE = { created: 1_700_000_000, data: [{ b64_json: 'AAAA' }] };

let app: TestApp;
let first: FaultUpstream;
let second: FaultUpstream;
let client: OpenAI;

beforeEach(async () => {
  [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  const type = 'openai-compatible';
  const retries = { maxAttempts: 3, baseMs: 0 };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'first', type, baseUrl: first.url, retries },
        { name: 'second', type, baseUrl: second.url, retries },
        { name: 'closed', type, baseUrl: 'http://127.0.0.1:1', retries },
        { name: 'claude', type: 'anthropic', baseUrl: first.url, apiKey: 'sk-ant-0123456789' },
        { name: 'grok', type: 'xai', baseUrl: first.url, apiKey: 'xai-0123456789' },
      ],
      models: [
        { name: 'paint', targets: [{ model: 'first/a' }], fallbacks: ['second/b'] },
        { name: 'unreached', targets: [{ model: 'closed/a' }], fallbacks: ['second/b'] },
      ],
      prices: [
        { model: 'second/b', input: 5, output: 40 },
        { model: 'second/each', perRequest: 0.04 },
        { model: 'second/free', input: 0, output: 0 },
      ],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterEach(async () => {
  await app.close();
  await Promise.all([first.close(), second.close()]);
});

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${app.url}/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.adminKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const generate = (model: string, headers?: Record<string, string>) =>
  post('images/generations', { model, prompt: 'A cat' }, headers);

describe('POST /v1/images/generations', () => {
  it('gives the SDK what the vendor made, and the ledger what it used', async () => {
    second.always({ body: { ...PICTURE, usage: USAGE } });
    const { data, response } = await client.images
      .generate({ model: 'second/b', prompt: 'A cat', quality: 'high', user: 'somebody' })
      .withResponse();
    expect(data.data).toEqual(PICTURE.data);
    expect(data.usage).toEqual({ ...USAGE, cost: 0.00425 });
    expect(response.headers.get('x-llm-proxy-cost')).toBe('0.00425');
    expect(JSON.parse(second.requests[0]!.body)).toMatchObject({ model: 'b', quality: 'high' });
    expect(second.requests[0]!.path).toBe('/images/generations');
    expect(await app.rows()).toMatchObject([
      {
        request_id: response.headers.get('x-request-id'),
        dialect: 'images',
        requested_model: 'second/b',
        status: 'ok',
        stream: false,
        has_images: false,
        input_tokens: 50,
        output_tokens: 100,
        cost_nano_usd: 4_250_000,
        estimated: false,
        user: 'somebody',
      },
    ]);
  });

  it('passes the body on as it came', async () => {
    second.always({ body: PICTURE });
    const text = '{ "big": 12345678901234567890, "model":"second/b", "prompt" : "x" }';
    expect((await post('images/generations', text)).status).toBe(200);
    expect(second.requests[0]!.body).toBe(text.replace('second/b', 'b'));
  });

  it.each([
    ['by the token: nobody knows', 'second/b', null],
    ['by the request', 'second/each', 40_000_000],
    ['nothing', 'second/free', 0],
    ['without a price', 'second/unpriced', null],
  ])('invents no tokens when the vendor tells none; charged %s', async (_, model, cost) => {
    second.always({ body: PICTURE });
    expect((await generate(model)).status).toBe(200);
    expect(await app.rows()).toMatchObject([
      { status: 'ok', input_tokens: 0, output_tokens: 0, cost_nano_usd: cost, estimated: false },
    ]);
  });

  it('streams the events under their names, and counts', async () => {
    second.always({
      named: true,
      cut: 'per-event',
      events: [
        { type: 'image_generation.partial_image', b64_json: 'AA', partial_image_index: 0 },
        { type: 'image_generation.completed', b64_json: 'AAAA', usage: USAGE },
      ],
    });
    const stream = await client.images.generate({
      model: 'second/b',
      prompt: 'A cat',
      stream: true,
    });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual([
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    expect(await app.rows()).toMatchObject([
      { status: 'ok', stream: true, input_tokens: 50, cost_nano_usd: 4_250_000 },
    ]);
  });

  it.each(['truncate', 'end', 'error'] as const)(
    'tells of a stream that breaks: %s',
    async (ending) => {
      second.always({
        named: true,
        events: [
          { type: 'image_generation.partial_image' },
          { type: 'image_generation.completed' },
        ],
        afterEvents: 1,
        ending,
      });
      const stream = await client.images.generate({
        model: 'second/b',
        prompt: 'A cat',
        stream: true,
      });
      const seen: string[] = [];
      await expect(async () => {
        for await (const event of stream) seen.push(event.type);
      }).rejects.toThrow();
      expect(seen).toEqual(['image_generation.partial_image']);
      expect(await app.rows()).toMatchObject([{ status: 'error', attempts: 1 }]);
    },
  );

  it.each<[string, object]>([
    ['a failure', { status: 500, body: { error: { message: 'Oops' } } }],
    ['a cut connection', { beforeHeaders: 'reset' }],
    ['an answer that is none', { body: '<html></html>' }],
  ])('are not asked for twice, because %s may have been paid for', async (_, script) => {
    first.always(script);
    expectRefusal(await partsOf(await generate('paint')), {
      status: 502,
      type: 'upstream_error',
      code: expect.stringMatching(/^upstream_/),
    });
    expect(first.requests).toHaveLength(1);
    expect(second.requests).toHaveLength(0);
    expect(await app.rows()).toMatchObject([{ status: 'error', attempts: 1 }]);
  });

  it('are asked for elsewhere when the vendor turned away', async () => {
    first.always({ status: 429, body: { error: { message: 'Slow down' } } });
    second.always({ body: PICTURE });
    const answer = await generate('paint');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('4');
  });

  it('are asked for elsewhere when the vendor was not reached', async () => {
    second.always({ body: PICTURE });
    const answer = await generate('unreached');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('second');
    expect(answer.status).toBe(200);
  });

  it('passes a refusal on', async () => {
    const error = {
      message: 'Not this',
      type: 'image_generation_user_error',
      param: 'prompt',
      code: 'moderation_blocked',
    };
    second.always({ status: 400, body: { error } });
    const refused = await client.images
      .generate({ model: 'second/b', prompt: 'x' })
      .catch((each: unknown) => each);
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect((refused as InstanceType<typeof OpenAI.BadRequestError>).error).toEqual(error);
  });

  it('are answered once under an idempotency key', async () => {
    second.always({ body: PICTURE });
    const headers = { 'idempotency-key': 'once' };
    const text = await (await generate('second/b', headers)).text();
    const again = await generate('second/b', headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
    expect(second.requests).toHaveLength(1);
  });

  it.each([
    ['no model', { prompt: 'x' }, 'model'],
    ['no prompt', { model: 'second/b' }, 'prompt'],
    ['no pictures', { model: 'second/b', prompt: 'x', n: 0 }, 'n'],
  ])('are refused: %s', async (_, body, param) => {
    expectRefusal(await partsOf(await post('images/generations', body)), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
    expect(await app.rows()).toEqual([]);
  });

  it.each(['images/generations', 'images/edits'])(
    'are refused where nobody makes any: %s',
    async (path) => {
      const form = new FormData();
      form.append('model', 'claude/a');
      form.append('image', new Blob(['x']), 'a.png');
      const answer =
        path === 'images/edits'
          ? await fetch(`${app.url}/v1/${path}`, {
              method: 'POST',
              headers: { authorization: `Bearer ${app.adminKey}` },
              body: form,
            })
          : await generate('claude/a');
      expectRefusal(await partsOf(answer), {
        status: 400,
        type: 'invalid_request_error',
        code: 'unsupported_parameter',
        param: 'model',
      });
      expect(first.requests).toHaveLength(0);
    },
  );

  it('break off when the client leaves', async () => {
    first.always({ beforeHeaders: 'stall' });
    const leave = new AbortController();
    const asked = client.images.generate(
      { model: 'first/a', prompt: 'x' },
      { signal: leave.signal },
    );
    await first.waitForRequest(0);
    leave.abort();
    await expect(asked).rejects.toThrow();
    await first.waitForAbort(0);
    const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
    expect(row).toMatchObject({ status: 'client_aborted', input_tokens: 0, cost_nano_usd: null });
  });

  it('are made by xAI, which edits none', async () => {
    first.always({ body: { ...PICTURE, usage: { cost_in_usd_ticks: 200_000_000 } } });
    expect((await generate('grok/grok-imagine')).status).toBe(200);
    await expect(
      client.images.edit({
        model: 'grok/grok-imagine',
        image: await toFile(Buffer.from('x'), 'a.png'),
        prompt: 'x',
      }),
    ).rejects.toThrow(/No provider of the model/);
  });
});

describe('POST /v1/images/edits', () => {
  it('sends the pictures on and gives what came of them', async () => {
    second.always({ body: { ...PICTURE, usage: USAGE } });
    const image = await Promise.all(
      ['one', 'two'].map((text) => toFile(Buffer.from(text), `${text}.png`, { type: 'image/png' })),
    );
    const { data } = await client.images.edit({
      // What follows the pictures is read when the row is written already.
      user: 'somebody',
      model: 'second/b',
      prompt: 'More',
      image,
    });
    expect(data).toEqual(PICTURE.data);
    const request = second.requests[0]!;
    expect(request.path).toBe('/images/edits');
    expect(fieldOf(request, 'model')).toBe('b');
    expect(fieldOf(request, 'prompt')).toBe('More');
    expect(formPartsOf(request).filter(({ name }) => name === 'image[]')).toEqual([
      { name: 'image[]', fileName: 'one.png', value: 'one' },
      { name: 'image[]', fileName: 'two.png', value: 'two' },
    ]);
    expect(await app.rows()).toMatchObject([
      {
        dialect: 'image-edits',
        status: 'ok',
        has_images: true,
        input_tokens: 50,
        cost_nano_usd: 4_250_000,
        user: 'somebody',
      },
    ]);
  });
});
