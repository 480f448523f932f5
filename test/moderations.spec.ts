import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';

const VERDICT = {
  id: 'modr-1',
  model: 'omni-moderation-latest',
  results: [
    {
      flagged: true,
      categories: { violence: true },
      category_scores: { violence: 0.9 },
      category_applied_input_types: { violence: ['text'] },
    },
  ],
};
const RANKING = {
  id: 'rank-1',
  results: [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ],
};

let app: TestApp;
let first: FaultUpstream;
let second: FaultUpstream;
let client: OpenAI;

beforeAll(async () => {
  [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  const retries = { maxAttempts: 2, baseMs: 0 };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'openai', type: 'openai', baseUrl: first.url, apiKey: 'sk-0123456789', retries },
        { name: 'local', type: 'openai-compatible', baseUrl: second.url, retries },
      ],
      models: [
        { name: 'judge', targets: [{ model: 'openai/omni' }], fallbacks: ['local/judge'] },
        { name: 'rank', targets: [{ model: 'openai/none' }], fallbacks: ['local/rank'] },
      ],
      prices: [
        { model: 'local/rank', input: 2, output: 0 },
        { model: 'local/searches', perRequest: 0.002 },
        { model: 'openai/omni', input: 0, output: 0 },
      ],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await app.close();
  await Promise.all([first.close(), second.close()]);
});
afterEach(() => {
  first.requests.length = 0;
  second.requests.length = 0;
});

const post = (path: string, body: unknown) =>
  fetch(`${app.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('POST /v1/moderations', () => {
  it('judges texts and pictures', async () => {
    first.always({ body: VERDICT });
    const input = [
      { type: 'text' as const, text: 'x' },
      { type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } },
    ];
    expect(await client.moderations.create({ model: 'openai/omni', input })).toEqual(VERDICT);
    expect(JSON.parse(first.requests[0]!.body)).toEqual({ model: 'omni', input });
    expect((await app.rows()).at(-1)).toMatchObject({
      dialect: 'moderations',
      provider: 'openai',
      status: 'ok',
      input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 0,
      estimated: false,
    });
  });

  it('asks again, and then elsewhere: the question costs nothing', async () => {
    first.always({ status: 500, body: { error: { message: 'Oops' } } });
    second.always({ body: VERDICT });
    const { data, response } = await client.moderations
      .create({ model: 'judge', input: ['a', 'b'] })
      .withResponse();
    expect(data.results[0]!.flagged).toBe(true);
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('3');
    expect(first.requests).toHaveLength(2);
  });

  it.each([
    ['no model', { input: 'x' }, 'model'],
    ['no input', { model: 'openai/omni' }, 'input'],
  ])('refuses %s', async (_, body, param) => {
    expectRefusal(await partsOf(await post('moderations', body)), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
  });

  it('is for JSON', async () => {
    const answer = await fetch(`${app.url}/v1/moderations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminKey}` },
      body: new URLSearchParams({ model: 'openai/omni', input: 'x' }),
    });
    expectRefusal(await partsOf(answer), {
      status: 415,
      type: 'invalid_request_error',
      code: 'unsupported_media_type',
    });
  });

  it('passes on what is wrong with an answer', async () => {
    first.always({ body: '{"results":' });
    second.always({ body: '{"error":{"message":"No such model","code":404}}' });
    expectRefusal(await partsOf(await post('moderations', { model: 'openai/omni', input: 'x' })), {
      status: 502,
      type: 'upstream_error',
      code: 'upstream_invalid_response',
    });
    const answer = await post('moderations', { model: 'local/judge', input: 'x' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { message: 'No such model' } });
  });
});

describe('POST /v1/rerank', () => {
  const request = { query: 'What?', documents: ['That', 'This'], top_n: 2 };

  it.each([
    [
      'in tokens',
      'rank',
      { usage: { total_tokens: 26 } },
      { input_tokens: 26, cost_nano_usd: 52_000 },
    ],
    [
      'in searches',
      'searches',
      { meta: { billed_units: { search_units: 1 } } },
      { input_tokens: 0, cost_nano_usd: 2_000_000 },
    ],
    ['not at all', 'rank', {}, { input_tokens: 0, cost_nano_usd: null }],
  ])('ranks documents; counted %s', async (_, model, told, row) => {
    second.always({ body: { ...RANKING, ...told } });
    const answer = await post('rerank', { model: `local/${model}`, ...request });
    expect(await answer.json()).toMatchObject(RANKING);
    expect(second.requests[0]!.path).toBe('/rerank');
    expect(JSON.parse(second.requests[0]!.body)).toEqual({ model, ...request });
    expect((await app.rows()).at(-1)).toMatchObject({
      dialect: 'rerank',
      status: 'ok',
      estimated: false,
      ...row,
    });
  });

  it('asks only those who can', async () => {
    second.always({ body: RANKING });
    const answer = await post('rerank', { model: 'rank', ...request });
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('local');
    expect(first.requests).toHaveLength(0);
  });

  it('refuses a request without documents', async () => {
    const answer = await post('rerank', { model: 'local/rank', query: 'What?', documents: [] });
    expectRefusal(await partsOf(answer), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param: 'documents',
    });
  });
});
