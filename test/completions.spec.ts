import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import OpenAI, { APIError, BadRequestError, RateLimitError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANTHROPIC_VENDOR } from '../src/providers/anthropic/anthropic-answers.contract.js';
import type { HttpVendor } from '../src/providers/contract/describe-provider.contract.js';
import { GEMINI_VENDOR } from '../src/providers/gemini/gemini-answers.contract.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import {
  completion as chatCompletion,
  stream,
  vendorUsage,
  type VendorUsage,
} from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

type Chunks = OpenAI.Completion[];

let app: TestApp;
let client: OpenAI;
let upstream: FaultUpstream;

function connect(): void {
  const apiKey = app.demoKey ?? app.adminKey;
  client = new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/v1/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${app.demoKey ?? app.adminKey}`,
      'content-type': 'application/json',
      ...headers,
    },
  });
}

async function chunksOf(params: Omit<OpenAI.CompletionCreateParams, 'stream'>): Promise<Chunks> {
  const chunks: Chunks = [];
  for await (const chunk of await client.completions.create({ ...params, stream: true })) {
    chunks.push(chunk);
  }
  return chunks;
}

const textOf = (chunks: Chunks, index = 0): string =>
  chunks
    .flatMap(({ choices }) => choices)
    .filter((choice) => choice.index === index)
    .map(({ text }) => text)
    .join('');

async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => expect.unreachable('should have been refused'),
    (error: unknown) => error,
  );
}

const lastRow = async () => (await app.rows()).at(-1)!;

const ENVELOPE = {
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1_700_000_000,
  model: 'vendor-model',
};
const USAGE = vendorUsage(5, 7);

function completion(text: string, finishReason: string | null, usage?: VendorUsage): object {
  const choice = { text, index: 0, logprobs: null, finish_reason: finishReason };
  return { ...ENVELOPE, choices: [choice], ...(usage && { usage }) };
}

/** Tokens of the first two events. */
const BEGUN = countTokensInSlices('Once upon "a"');

const EVENTS = [
  completion('Once', null),
  completion(' upon "a"', null),
  completion(' time', null),
  completion('', 'stop'),
  { ...ENVELOPE, choices: [], usage: USAGE },
];

const either = (request: { body: string }): FaultScript =>
  request.body.includes('"stream":true')
    ? { events: EVENTS, done: true, cut: 'per-event' }
    : { body: completion('Once upon "a" time', 'stop', USAGE) };

describe('completions of a vendor that has them', () => {
  const retries = { maxAttempts: 2, baseMs: 0 };
  const VENDORS = ['openai', 'openrouter', 'azure', 'openai-compatible', 'vllm', 'deepseek'];

  beforeEach(async () => {
    upstream = await FaultUpstream.start();
    upstream.always(either);
    const rest = { baseUrl: upstream.url, apiKey: 'sk-0123456789', retries };
    app = await TestApp.start({
      yaml: JSON.stringify({
        providers: [
          ...['openai', 'openrouter', 'openai-compatible'].map((type) => {
            return { ...rest, name: type, type };
          }),
          {
            ...rest,
            name: 'azure',
            type: 'azure',
            settings: { deployments: { thinker: 'o3', writer: 'gpt-35-turbo-instruct' } },
          },
          { ...rest, name: 'vllm', type: 'openai-compatible', preset: 'vllm' },
          { ...rest, name: 'deepseek', type: 'deepseek', baseUrl: `${upstream.url}/beta` },
          { ...rest, name: 'deepseek-chat', type: 'deepseek' },
          { ...rest, name: 'groq', type: 'openai-compatible', preset: 'groq' },
        ],
        models: [
          { name: 'either', targets: [{ model: 'openai/a' }], fallbacks: ['openai-compatible/b'] },
          { name: 'mixed', targets: [{ model: 'openai/a' }], fallbacks: ['groq/b'] },
        ],
        prices: VENDORS.map((name) => ({ model: `${name}/m`, input: 1, output: 2 })),
      }),
    });
    connect();
  });
  afterEach(async () => {
    await app.close();
    await upstream.close();
  });

  it('get the body as it came, and their answer goes back as they wrote it', async () => {
    const text =
      '{ "big": 12345678901234567890, "model":"openai/m", "prompt" : [[1,2],[3]], "best_of":3 }';
    const answer = await post(text);
    expect(upstream.requests[0]).toMatchObject({
      path: '/completions',
      body: text.replace('openai/m', 'm'),
    });
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
    expect(answer.headers.get('x-llm-proxy-cost')).toBe('0.000019');
    const own = JSON.stringify(completion('Once upon "a" time', 'stop', USAGE));
    expect(await answer.text()).toBe(own.replace(/\}\}$/, ',"cost":0.000019}}'));
  });

  it.each(VENDORS)('are those of %s', async (name) => {
    const params = { model: `${name}/m`, prompt: ['Tell', 'me'], suffix: 'end', max_tokens: 9 };
    const { data, response } = await client.completions.create(params).withResponse();
    expect(data).toMatchObject({ ...ENVELOPE, choices: [{ text: 'Once upon "a" time' }] });
    const chunks = await chunksOf(params);
    expect(textOf(chunks)).toBe('Once upon "a" time');
    const [whole, streamed] = upstream.requests;
    expect(whole!.path).toMatch(/(?<!chat)\/completions$/);
    expect(JSON.parse(whole!.body)).toMatchObject({ ...params, model: 'm' });
    expect(JSON.parse(streamed!.body)).toMatchObject({ stream_options: { include_usage: true } });
    const [row, streamedRow] = await app.rows();
    expect(row).toMatchObject({
      request_id: response.headers.get('x-request-id'),
      dialect: 'completions',
      provider: name,
      model: 'm',
      status: 'ok',
      attempts: 1,
      input_tokens: 5,
      output_tokens: 7,
      cost_nano_usd: 19_000,
      estimated: false,
      translation: null,
    });
    expect(streamedRow).toMatchObject({ stream: true, input_tokens: 5, cost_nano_usd: 19_000 });
  });

  it.each(['deepseek-chat', 'groq'])('are a chat of %s, which has none', async (name) => {
    upstream.always({ body: chatCompletion('Once', USAGE) });
    const params = { model: `${name}/m`, prompt: 'Tell' };
    const { data, response } = await client.completions.create(params).withResponse();
    expect(data).toMatchObject({ id: 'cmpl-1', choices: [{ text: 'Once' }] });
    expect(upstream.requests[0]!.path).toBe('/chat/completions');
    expect(response.headers.get('x-llm-proxy-translation')).toBe('prompt=emulated');
  });

  it.each([
    ['openai/gpt-4o-mini', true],
    ['openai/gpt-3.5-turbo-instruct', false],
    ['openai/davinci-002', false],
    ['azure/gpt-4.1', true],
    ['azure/thinker', true],
    ['azure/writer', false],
  ])('are asked of %s by chat: %s', async (model, isChat) => {
    upstream.when(
      ({ path }) => path.includes('/chat/'),
      (request) =>
        request.body.includes('"stream":true')
          ? stream(['Once upon "a" time'], USAGE)
          : { body: chatCompletion('Once upon "a" time', USAGE) },
    );
    const answer = await post({ model, prompt: 'Tell me', max_tokens: 9 });
    const body = (await answer.json()) as OpenAI.Completion;
    expect(body).toMatchObject({ object: 'text_completion', usage: USAGE });
    expect(body.choices[0]!.text).toBe('Once upon "a" time');
    expect(upstream.requests[0]!.path.includes('/chat/')).toBe(isChat);
    expect(answer.headers.get('x-llm-proxy-translation')!.includes('prompt=emulated')).toBe(isChat);
    expect(textOf(await chunksOf({ model, prompt: 'Tell me' }))).toBe('Once upon "a" time');
    expect(upstream.requests[1]!.path.includes('/chat/')).toBe(isChat);
  });

  it('are a chat where those who have them fail', async () => {
    upstream
      .when(({ path }) => path === '/completions', { status: 500, body: {} })
      .when(({ path }) => path !== '/completions', stream(['Once', ' more'], USAGE));
    const params = { model: 'mixed', prompt: 'Tell', stream: true } as const;
    const { data, response } = await client.completions.create(params).withResponse();
    const chunks: Chunks = [];
    for await (const chunk of data) chunks.push(chunk);
    expect(textOf(chunks)).toBe('Once more');
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('3');
    expect(await lastRow()).toMatchObject({ provider: 'groq', translation: 'prompt=emulated' });
  });

  it('tell the usage of a stream to those who ask, and to nobody else', async () => {
    const params = { model: 'openai/m', prompt: 'Tell' };
    const silent = await chunksOf(params);
    expect(silent).toEqual(EVENTS.slice(0, -1));
    const told = await chunksOf({ ...params, stream_options: { include_usage: true } });
    expect(told.slice(0, -1)).toEqual(silent);
    expect(told.at(-1)).toMatchObject({ choices: [], usage: { ...USAGE, cost: 0.000019 } });
  });

  it('ask OpenRouter what it cost', async () => {
    await client.completions.create({ model: 'openrouter/m', prompt: 'Tell' });
    expect(JSON.parse(upstream.requests[0]!.body)).toMatchObject({ usage: { include: true } });
  });

  it('stream what Azure says of the prompt with the first chunk that has an id', async () => {
    const filtered = { prompt_filter_results: [{ prompt_index: 0 }] };
    const odd = { choices: [], created: 0, id: '', model: '', object: '', ...filtered };
    upstream.always({ events: [odd, ...EVENTS], done: true });
    const chunks = await chunksOf({ model: 'azure/m', prompt: 'Tell' });
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set(['cmpl-1']));
    expect(chunks[0]).toMatchObject(filtered);
  });

  it('are put right where a careless vendor leaves things out', async () => {
    upstream.always({
      events: [{ choices: [{ text: 'Once' }] }, { choices: [{ text: ' more' }] }],
      done: true,
    });
    const chunks = await chunksOf({ model: 'vllm/m', prompt: 'Tell' });
    expect(textOf(chunks)).toBe('Once more');
    const [first] = chunks;
    expect(first!.id).toMatch(/^cmpl-/);
    for (const { id, object, created, model } of chunks) {
      const { created: same } = first!;
      const expected = { id: first!.id, object: 'text_completion', created: same, model: 'm' };
      expect({ id, object, created, model }).toEqual(expected);
    }
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('stop');
    expect(await lastRow()).toMatchObject({
      status: 'ok',
      output_tokens: countTokensInSlices('Once more'),
      estimated: true,
    });

    upstream.always({ body: { choices: [{ text: 'Once' }] } });
    expect(await client.completions.create({ model: 'vllm/m', prompt: 'Tell' })).toMatchObject({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      model: 'm',
      choices: [{ text: 'Once', index: 0, finish_reason: 'stop' }],
    });
  });

  it('are asked for again, and then elsewhere', async () => {
    const oops = { status: 500, body: { error: { message: 'Oops' } } };
    for (const stream of [false, true]) {
      upstream.next(oops, oops);
      const answer = await post({ model: 'either', prompt: 'Tell', stream });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-llm-proxy-attempts')).toBe('3');
      await answer.text();
      expect(await lastRow()).toMatchObject({ provider: 'openai-compatible', attempts: 3 });
    }
  });

  it('tell of a failure in the usual form', async () => {
    upstream.always({
      status: 400,
      body: { error: { message: 'No.', type: 'invalid_request_error', param: 'best_of' } },
    });
    for (const stream of [false, true]) {
      const params = { model: 'openai/m', prompt: 'Tell', stream };
      const error = await rejection(client.completions.create(params));
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ status: 400, param: 'best_of' });
      expect(await lastRow()).toMatchObject({ status: 'error', cost_nano_usd: 0 });
    }
    upstream.always({ status: 429, body: { error: { message: 'Slow down' } } });
    const limited = client.completions.create({ model: 'openai/m', prompt: 'Tell' });
    expect(await rejection(limited)).toBeInstanceOf(RateLimitError);
  });

  it('break off with an error in the stream, and no end', async () => {
    upstream.always({ events: EVENTS, afterEvents: 2, ending: 'truncate' });
    const answer = await post({ model: 'openai/m', prompt: 'Tell', stream: true });
    const records = (await answer.text()).split('\n\n').filter(Boolean);
    expect(records).toHaveLength(3);
    expect(records.at(-1)).toMatch(/^data: \{"error":/);
    expect(await rejection(chunksOf({ model: 'openai/m', prompt: 'Tell' }))).toBeInstanceOf(
      APIError,
    );
    expect(await lastRow()).toMatchObject({
      status: 'error',
      output_tokens: BEGUN,
      estimated: true,
    });
  });

  it.each([false, true])('are aborted when the client leaves, streamed: %s', async (streams) => {
    upstream.always(
      streams
        ? { events: EVENTS, afterEvents: 2, ending: 'stall', cut: 'per-event' }
        : { beforeHeaders: 'stall' },
    );
    const leave = new AbortController();
    const params = { model: 'openai/m', prompt: 'Tell', stream: streams };
    const answer = client.completions.create(params, { signal: leave.signal });
    if (streams) {
      const stream = (await answer) as AsyncIterable<OpenAI.Completion>;
      for await (const chunk of stream) if (chunk.choices[0]!.text.includes('upon')) break;
    } else {
      await upstream.waitForRequest(0);
      leave.abort();
      await rejection(answer);
    }
    await upstream.waitForAbort(0);
    const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
    expect(row).toMatchObject({
      dialect: 'completions',
      status: 'client_aborted',
      attempts: 1,
      estimated: true,
      output_tokens: streams ? BEGUN : 0,
    });
  });

  it('are answered once under an idempotency key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { model: 'openai/m', prompt: 'Tell', stream: true };
    const text = await (await post(body, headers)).text();
    const again = await post(body, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
    expect(upstream.requests).toHaveLength(1);
  });
});

const CHAT_VENDORS: [string, HttpVendor, (body: never) => unknown][] = [
  [
    'anthropic',
    ANTHROPIC_VENDOR,
    ({ messages, max_tokens, stop_sequences }: Record<string, unknown>) => ({
      messages,
      max_tokens,
      stop_sequences,
    }),
  ],
  [
    'gemini',
    GEMINI_VENDOR,
    ({ contents, generationConfig: config }: Record<string, Record<string, unknown>>) => ({
      messages: (contents as unknown as { role: string; parts: { text: string }[] }[]).map(
        ({ role, parts }) => ({ role, content: parts }),
      ),
      max_tokens: config!['maxOutputTokens'],
      stop_sequences: config!['stopSequences'],
    }),
  ],
];

describe.each(CHAT_VENDORS)('completions by the chat of %s', (type, vendor, essenceOf) => {
  const model = `${type}/m`;

  beforeAll(async () => {
    upstream = await FaultUpstream.start();
    app = await TestApp.start({
      yaml: JSON.stringify({
        providers: [
          {
            name: type,
            type,
            baseUrl: upstream.url,
            apiKey: 'sk-0123456789',
            retries: { maxAttempts: 1 },
            breaker: { enabled: false },
          },
        ],
        prices: [{ model, input: 1, output: 2 }],
      }),
    });
    connect();
  });
  afterAll(async () => {
    await app.close();
    await upstream.close();
  });

  const { text } = vendor.text.expected;

  it('are one message, and an answer in their own form', async () => {
    upstream.always({ body: vendor.text.unary });
    const { data, response } = await client.completions
      .create({ model, prompt: 'Tell me', stop: ['END'] })
      .withResponse();
    expect(data).toMatchObject({
      id: expect.stringMatching(/^cmpl-(?!chatcmpl)/),
      object: 'text_completion',
      created: expect.any(Number),
      choices: [{ text, index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 },
    });
    const sent = essenceOf(JSON.parse(upstream.requests.at(-1)!.body) as never);
    expect(sent).toMatchObject({ max_tokens: 16, stop_sequences: ['END'] });
    expect(JSON.stringify(sent)).toContain('Tell me');
    expect(response.headers.get('x-llm-proxy-translation')).toContain('prompt=emulated');
    expect(response.headers.get('x-llm-proxy-cost')).not.toBeNull();
    expect(await lastRow()).toMatchObject({
      request_id: response.headers.get('x-request-id'),
      dialect: 'completions',
      provider: type,
      status: 'ok',
      input_tokens: 20,
      output_tokens: 9,
      estimated: false,
      translation: expect.stringContaining('prompt=emulated') as string,
    });
  });

  it.each([false, true])('are streamed, usage asked for: %s', async (asks) => {
    upstream.always({ ...vendor.text.stream, cut: 'per-event' });
    const options = asks ? { stream_options: { include_usage: true } } : {};
    const chunks = await chunksOf({ model, prompt: 'Tell me', ...options });
    expect(textOf(chunks)).toBe(text);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.every(({ object }) => object === 'text_completion')).toBe(true);
    const reasons = chunks.flatMap(({ choices }) => choices.map((each) => each.finish_reason));
    expect(reasons.filter((reason) => reason !== null)).toEqual(['stop']);
    const told = chunks.filter(({ usage }) => usage != null);
    const row = await lastRow();
    const cost = row.cost_nano_usd! / 1e9;
    expect(row).toMatchObject({ stream: true, status: 'ok', input_tokens: 20, output_tokens: 9 });
    const expected = { choices: [], usage: { prompt_tokens: 20, completion_tokens: 9, cost } };
    expect(told).toMatchObject(asks ? [expected] : []);
    if (asks) expect(chunks.at(-1)).toBe(told[0]);
  });

  it('begin with the prompt, when it is to be repeated', async () => {
    upstream.always({ body: vendor.text.unary });
    const params = { model, prompt: ['Tell me: '], echo: true };
    const { data, response } = await client.completions.create(params).withResponse();
    expect(data.choices[0]!.text).toBe(`Tell me: ${text}`);
    expect(response.headers.get('x-llm-proxy-translation')).toContain('echo=emulated');
    upstream.always(vendor.text.stream);
    expect(textOf(await chunksOf(params))).toBe(`Tell me: ${text}`);
  });

  it.each([
    ['several prompts', { prompt: ['a', 'b'] }, 'prompt'],
    ['tokens', { prompt: [1, 2] }, 'prompt'],
    ['a list of tokens', { prompt: [[1, 2]] }, 'prompt'],
    ['no prompt', { prompt: null }, 'prompt'],
    ['a text after the gap', { suffix: 'end' }, 'suffix'],
    ['no tokens at all', { max_tokens: 0, echo: true }, 'max_tokens'],
  ])('refuse %s', async (_what, members, param) => {
    const before = upstream.requests.length;
    for (const stream of [false, true]) {
      expectRefusal(await partsOf(await post({ model, prompt: 'Tell', stream, ...members })), {
        status: 400,
        type: 'invalid_request_error',
        code: 'unsupported_parameter',
        param,
      });
      expect(await lastRow()).toMatchObject({ status: 'error', cost_nano_usd: 0 });
    }
    expect(upstream.requests).toHaveLength(before);
  });

  it('are read by the AI SDK', async () => {
    const sdk = createOpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1` });
    const params = { model: sdk.completion(model), prompt: 'Tell me', maxRetries: 0 };
    upstream.always({ body: vendor.text.unary });
    const whole = await generateText(params);
    upstream.always(vendor.text.stream);
    const streamed = streamText(params);
    expect([whole.text, await streamed.text]).toEqual([text, text]);
    for (const usage of [whole.usage, await streamed.usage]) {
      expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 9 });
    }
    expect([whole.finishReason, await streamed.finishReason]).toEqual(['stop', 'stop']);
  });

  it('say what got lost, and refuse that in strict mode', async () => {
    upstream.always({ body: vendor.text.unary });
    const body = { model, prompt: 'Tell', best_of: 3, tools: [], suffix: '' };
    const answer = await post(body);
    const report = answer.headers.get('x-llm-proxy-translation')!.split(',');
    expect(report).toEqual(expect.arrayContaining(['best_of=dropped', 'tools=dropped']));
    const before = upstream.requests.length;
    expectRefusal(await partsOf(await post(body, { 'x-llm-proxy-translation': 'strict' })), {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      param: 'best_of',
    });
    expect(upstream.requests).toHaveLength(before);
  });

  it('tell of a failure in the usual form', async () => {
    upstream.always({ status: 500, body: vendor.error(500, 'Oops') });
    for (const stream of [false, true]) {
      expectRefusal(await partsOf(await post({ model, prompt: 'Tell', stream })), {
        status: 502,
        type: 'upstream_error',
        code: 'upstream_error',
      });
    }
    upstream.always({ ...vendor.text.stream, afterEvents: 4, ending: 'reset' });
    const answer = await post({ model, prompt: 'Tell', stream: true });
    const raw = await answer.text();
    expect(raw).toContain('"error":{');
    expect(raw).not.toContain('[DONE]');
    expect(await lastRow()).toMatchObject({ status: 'error', http_status: 502 });
  });

  it('are aborted when the client leaves', async () => {
    upstream.always({ ...vendor.text.stream, afterEvents: 4, ending: 'stall' });
    const index = upstream.requests.length;
    const stream = await client.completions.create({ model, prompt: 'Tell', stream: true });
    for await (const chunk of stream) if (chunk.choices[0]!.text !== '') break;
    await upstream.waitForAbort(index);
    await expect
      .poll(lastRow, { timeout: 10_000 })
      .toMatchObject({ status: 'client_aborted', dialect: 'completions' });
  });
});

describe('completions of the simulated provider', () => {
  beforeAll(async () => {
    app = await TestApp.start();
    connect();
  });
  afterAll(() => app.close());

  it('are streamed as they are created', async () => {
    const params = { model: 'simulated/markdown', prompt: 'Hello', max_tokens: 1000 };
    const { choices } = await client.completions.create(params);
    const chunks = await chunksOf(params);
    expect(textOf(chunks)).toBe(choices[0]!.text);
    expect(chunks.length).toBeGreaterThan(10);
  });

  it('give n answers', async () => {
    const params = { model: 'simulated/echo', prompt: 'Hello to the proxy', n: 3 };
    const { choices } = await client.completions.create(params);
    const expected = [0, 1, 2].map((index) => ({ index, text: 'Hello to the proxy' }));
    expect(choices).toMatchObject(expected);
    const chunks = await chunksOf(params);
    for (const { index, text } of expected) expect(textOf(chunks, index)).toBe(text);
  });

  it('are short when nobody says otherwise', async () => {
    const prompt = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
    const { choices } = await client.completions.create({ model: 'simulated/echo', prompt });
    expect(choices[0]).toMatchObject({ finish_reason: 'length' });
    expect(await lastRow()).toMatchObject({ output_tokens: 16 });
  });

  it('leave the reasoning out', async () => {
    const params = { model: 'simulated/reasoning', prompt: 'Hello', max_tokens: 1000 };
    const chunks = await chunksOf(params);
    expect(textOf(chunks)).toBe('Hello');
    expect(chunks.filter(({ choices }) => choices[0]?.text === '').length).toBeLessThan(3);
    expect((await lastRow()).reasoning_tokens).toBeGreaterThan(0);
  });

  it.each([
    ['no prompt', { prompt: undefined }, 'prompt'],
    ['an empty list', { prompt: [] }, 'prompt'],
    ['a fraction of a token', { prompt: [[1.5]] }, 'prompt[0][0]'],
    ['another kind of prompt', { prompt: { text: 'a' } }, 'prompt'],
    ['too hot', { temperature: 3 }, 'temperature'],
    ['no answers', { n: 0 }, 'n'],
    ['less than no tokens', { max_tokens: -1 }, 'max_tokens'],
    ['logprobs as chat asks for them', { logprobs: true }, 'logprobs'],
  ])('are refused: %s', async (_what, members, param) => {
    const before = (await app.rows()).length;
    const body = { model: 'simulated/echo', prompt: 'Hello', ...members };
    expectRefusal(await partsOf(await post(body)), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
    expect(await app.rows()).toHaveLength(before);
  });
});
