import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.service.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { nativeAnswer } from './support/native-responses.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, stream, vendorUsage } from './support/vendor-answers.js';

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  const baseUrl = upstream.url;
  const apiKey = 'vendor-key-0123456789';
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'any', type: 'openai-compatible', baseUrl },
        { name: 'openai', type: 'openai', baseUrl, apiKey },
        { name: 'router', type: 'openrouter', baseUrl, apiKey },
        { name: 'grok', type: 'xai', baseUrl, apiKey },
      ],
      prices: [
        { model: 'any/each', perImage: '0.04' },
        {
          model: 'any/forms',
          perImage: '0.02',
          images: [
            { size: '1024x1792', quality: 'hd', usd: '0.12' },
            { size: '1024x1792', usd: '0.08' },
          ],
        },
        { model: 'any/pixels', input: 5, inputImage: 8, output: 10, outputImage: 32 },
        { model: 'any/seconds', perAudioSecond: '0.0001' },
        { model: 'any/characters', perCharacter: '0.000015' },
        { model: 'any/searches', perSearch: '0.002' },
        {
          model: 'any/tiered',
          input: 2,
          cachedInput: 1,
          output: 8,
          outputReasoning: 16,
          above: [{ inputTokens: 100, input: 4, cachedInput: 2, output: 12 }],
          tiers: { flex: { input: 1, output: 4 }, priority: { input: 4, output: 16 } },
        },
        { model: 'any/tools', input: 1, output: 1, webSearch: '0.01' },
        { model: 'openai/files', input: 1, output: 2, fileSearch: '0.0025' },
        { model: 'router/m', input: 1, output: 2 },
        { model: 'grok/m', input: 1, output: 2 },
        // Long past, and long in the future.
        { model: 'any/dated', input: 9, output: 9, to: '2020-01-01' },
        { model: 'any/dated', input: 3, output: 3, from: '2020-01-01' },
        { model: 'any/dated', input: 9, output: 9, from: '2999-01-01' },
      ],
    }),
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

function post(path: string, body: object | FormData): Promise<Response> {
  const isForm = body instanceof FormData;
  return fetch(`${app.url}/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.adminKey}`,
      ...(!isForm && { 'content-type': 'application/json' }),
    },
    body: isForm ? body : JSON.stringify(body),
  });
}

function form(fields: Record<string, string>): FormData {
  const body = new FormData();
  body.append('file', new Blob(['sound']), 'a.mp3');
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

const lastRow = async () => (await app.rows()).at(-1)!;
const PICTURES = { created: 1, data: [{ url: 'https://a' }, { url: 'https://b' }] };
const PIXELS = {
  input_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  output_tokens: 100,
  total_tokens: 150,
};

describe('what is charged by the unit', () => {
  it.each<[string, string, object | (() => FormData), FaultScript, object, number | null]>([
    [
      'pictures',
      'images/generations',
      { model: 'any/each', prompt: 'x' },
      { body: PICTURES },
      { image: 2 },
      80_000_000,
    ],
    [
      'pictures of the form that is asked for',
      'images/generations',
      { model: 'any/forms', prompt: 'x', size: '1024x1792', quality: 'hd' },
      { body: PICTURES },
      { image: 2, imageSize: '1024x1792', imageQuality: 'hd' },
      240_000_000,
    ],
    [
      'pictures of the form that was made',
      'images/generations',
      { model: 'any/forms', prompt: 'x', size: 'auto' },
      { body: { ...PICTURES, size: '1024x1792', quality: 'low' } },
      { image: 2, imageSize: '1024x1792', imageQuality: 'low' },
      160_000_000,
    ],
    [
      'pictures edited',
      'images/edits',
      () => form({ model: 'any/forms', size: '512x512' }),
      { body: PICTURES },
      { image: 2, imageSize: '512x512' },
      40_000_000,
    ],
    [
      'pictures in tokens',
      'images/generations',
      { model: 'any/pixels', prompt: 'x' },
      { body: { ...PICTURES, usage: PIXELS } },
      { image: 2 },
      10 * 5000 + 40 * 8000 + 100 * 32_000,
    ],
    [
      'a streamed picture',
      'images/generations',
      { model: 'any/each', prompt: 'x', stream: true },
      {
        named: true,
        events: [
          { type: 'image_generation.partial_image', b64_json: 'A' },
          { type: 'image_generation.completed', b64_json: 'AA', size: '1024x1024' },
        ],
      },
      { image: 1, imageSize: '1024x1024' },
      40_000_000,
    ],
    [
      'seconds that are told',
      'audio/transcriptions',
      () => form({ model: 'any/seconds' }),
      { body: { text: 'x', usage: { type: 'duration', seconds: 37 } } },
      { audioSecond: 37 },
      3_700_000,
    ],
    [
      'seconds of a recording',
      'audio/translations',
      () => form({ model: 'any/seconds', response_format: 'verbose_json' }),
      { body: { text: 'x', duration: 36.71, segments: [] } },
      { audioSecond: 37 },
      3_700_000,
    ],
    [
      'seconds at the end of a stream',
      'audio/transcriptions',
      () => form({ model: 'any/seconds', stream: 'true' }),
      {
        events: [
          { type: 'transcript.text.delta', delta: 'x' },
          { type: 'transcript.text.done', text: 'x', usage: { type: 'duration', seconds: 2 } },
        ],
      },
      { audioSecond: 2 },
      200_000,
    ],
    [
      'characters, not halves of them',
      'audio/speech',
      { model: 'any/characters', voice: 'v', input: 'Grüße 👋' },
      { body: Buffer.from('sound'), headers: { 'content-type': 'audio/mpeg' } },
      { character: 7 },
      105_000,
    ],
    [
      'searches',
      'rerank',
      { model: 'any/searches', query: 'x', documents: ['a', 'b'] },
      { body: { results: [], meta: { billed_units: { search_units: 3 } } } },
      { search: 3 },
      6_000_000,
    ],
  ])('has its count and its cost in the row: %s', async (_, path, body, script, units, cost) => {
    upstream.always(script);
    const answer = await post(path, typeof body === 'function' ? body() : body);
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    const row = await lastRow();
    expect(row).toMatchObject({ status: 'ok', cost_nano_usd: cost, estimated: false });
    expect(JSON.parse(row.units ?? 'null')).toEqual(units);
  });

  it.each([
    [
      'subtitles, which tell no seconds',
      'audio/transcriptions',
      () => form({ model: 'any/seconds' }),
    ],
    [
      'pictures that are counted in tokens',
      'images/generations',
      { model: 'any/pixels', prompt: 'x' },
    ],
  ])('costs nobody knows what where nobody counted: %s', async (_, path, body) => {
    const isForm = typeof body === 'function';
    upstream.always(
      isForm ? { body: 'WEBVTT\n', headers: { 'content-type': 'text/vtt' } } : { body: PICTURES },
    );
    const answer = await post(path, isForm ? body() : body);
    expect(answer.status).toBe(200);
    expect(answer.headers.has('x-llm-proxy-cost')).toBe(false);
    await answer.text();
    expect(await lastRow()).toMatchObject({ status: 'ok', cost_nano_usd: null });
  });

  it('tells the cost beside the usage, also in events', async () => {
    upstream.always({ body: { text: 'x', usage: { type: 'duration', seconds: 37 } } });
    const unary = await post('audio/transcriptions', form({ model: 'any/seconds' }));
    expect(unary.headers.get('x-llm-proxy-cost')).toBe('0.0037');
    expect(await unary.json()).toMatchObject({ usage: { seconds: 37, cost: 0.0037 } });
    upstream.always({
      named: true,
      events: [{ type: 'image_generation.completed', b64_json: 'AA', usage: PIXELS }],
    });
    const streamed = await post('images/generations', {
      model: 'any/pixels',
      prompt: 'x',
      stream: true,
    });
    expect(await streamed.text()).toContain('"total_tokens":150,"cost":0.00357}');
  });

  it('charges for speech that was broken off, but not for speech that never began', async () => {
    const speech = { model: 'any/characters', voice: 'v', input: 'Hello' };
    const headers = { 'content-type': 'audio/mpeg' };
    const body = Buffer.alloc(300_000);
    upstream.always({ body, headers, cut: 10_000, afterBytes: 100_000, ending: 'reset' });
    const broken = await post('audio/speech', speech);
    await expect(broken.arrayBuffer()).rejects.toThrow();
    await expect.poll(async () => (await lastRow()).status, { timeout: 10_000 }).toBe('error');
    expect(await lastRow()).toMatchObject({ cost_nano_usd: 75_000, units: '{"character":5}' });
    upstream.always({ status: 400, body: { error: { message: 'No such voice' } } });
    expect((await post('audio/speech', speech)).status).toBe(400);
    expect(await lastRow()).toMatchObject({ cost_nano_usd: 0, units: null });
  });

  it('moderates for nothing where the vendor does', async () => {
    upstream.always({ body: { id: 'm', model: 'omni', results: [] } });
    await (
      await post('moderations', { model: 'openai/omni-moderation-latest', input: 'x' })
    ).text();
    expect(await lastRow()).toMatchObject({ dialect: 'moderations', cost_nano_usd: 0 });
  });
});

describe('what tokens cost', () => {
  const chat = (model: string, more: object = {}) =>
    post('chat/completions', { model, messages: HELLO, ...more });

  it.each<[string, number, string | undefined, number, string | null]>([
    ['the standard', 10, undefined, 6 * 2000 + 4 * 1000 + 3 * 8000 + 2 * 16_000, null],
    ['what is called default', 10, 'default', 6 * 2000 + 4 * 1000 + 3 * 8000 + 2 * 16_000, null],
    ['flex', 10, 'flex', 6 * 1000 + 4 * 1000 + 3 * 4000 + 2 * 16_000, null],
    ['priority', 10, 'priority', 6 * 4000 + 4 * 1000 + 3 * 16_000 + 2 * 16_000, null],
    [
      'a tier without rates',
      10,
      'batch',
      6 * 2000 + 4 * 1000 + 3 * 8000 + 2 * 16_000,
      'standard_tier_rates',
    ],
    ['a larger input', 101, 'default', 97 * 4000 + 4 * 2000 + 3 * 12_000 + 2 * 16_000, null],
  ])('is that of %s', async (_, input, tier, cost, note) => {
    const usage = vendorUsage(input, 5, { cached: 4, reasoning: 2 });
    const body = { ...completion('x', usage), ...(tier && { service_tier: tier }) };
    upstream.always({ body });
    const answer = await chat('any/tiered', { service_tier: 'auto' });
    expect(answer.headers.get('x-llm-proxy-cost')).toBe(String(cost / 1e9));
    expect(await lastRow()).toMatchObject({
      cost_nano_usd: cost,
      price_note: note,
      service_tier: tier ?? null,
    });
  });

  it('is that of the day', async () => {
    upstream.always({ body: completion('x', vendorUsage(10, 1)) });
    await (await chat('any/dated')).text();
    expect(await lastRow()).toMatchObject({ cost_nano_usd: 33_000 });
  });

  it('has fees for tools on top', async () => {
    const usage = { ...vendorUsage(10, 1), num_search_queries: 2 };
    upstream.always({ body: completion('x', usage) });
    await (await chat('any/tools')).text();
    expect(await lastRow()).toMatchObject({ cost_nano_usd: 20_011_000 });

    upstream.always((request) => {
      const script = nativeAnswer('resp_1', 'Hi')(request) as { body: { output: object[] } };
      script.body.output.unshift({ type: 'file_search_call', id: 'fs_1', status: 'completed' });
      return script;
    });
    await (await post('responses', { model: 'openai/files', input: 'x' })).text();
    expect(await lastRow()).toMatchObject({
      cost_nano_usd: 20 * 1000 + 9 * 2000 + 2_500_000,
      units: '{"fileSearch":1}',
    });
  });

  it.each([
    ['router/m', { cost: 0.0123 }, 12_300_000],
    ['grok/m', { cost_in_usd_ticks: 123_000_000 }, 12_300_000],
  ])('is kept beside what the vendor says: %s', async (model, said, provider) => {
    const usage = { ...vendorUsage(10, 1), ...said };
    upstream.next({ body: completion('x', usage) });
    await (await chat(model)).text();
    const expected = { cost_nano_usd: 12_000, provider_cost_nano_usd: provider };
    expect(await lastRow()).toMatchObject(expected);
    upstream.next(stream(['x'], usage));
    await (await chat(model, { stream: true })).text();
    expect(await lastRow()).toMatchObject({ ...expected, stream: true });
  });
});

describe('the documentation', () => {
  it('shows prices that are prices', async () => {
    const page = await readFile('docs/prices.md', 'utf8');
    const [, prices = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const own = ['openai', 'deepseek'].map((name) => `{ name: ${name}, type: ${name}, apiKey: x }`);
    const documented = await TestApp.start({ yaml: `providers: [${own.join(', ')}]\n${prices}` });
    try {
      const catalog = documented.app.get(Catalog);
      const at = new Date('2026-06-01T12:00:00Z');
      const address = { instance: 'openai', model: 'gpt-5' };
      expect(catalog.findPrice(address, at)).toMatchObject({
        source: 'override',
        rates: { inputUncached: 1_250_000 },
        serviceTiers: { flex: { rates: { outputText: 5_000_000 } } },
      });
    } finally {
      await documented.close();
    }
  });
});
