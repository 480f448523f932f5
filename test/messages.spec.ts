import Anthropic from '@anthropic-ai/sdk';
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText, isStepCount, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { FaultUpstream } from './support/fault-upstream.js';
import {
  PLAYED_MODEL,
  PLAYED_VENDORS,
  playedConfiguration,
  playVendor,
} from './support/played-vendors.js';
import { TestApp } from './support/test-app.js';
import { completion, stream } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const TEXT = 'Hello "wörld" 🙂';
const HELLO: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
const TOOLS: Anthropic.Tool[] = [
  {
    name: 'weather',
    description: 'The weather in a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'time', input_schema: { type: 'object', properties: {} } },
];

let upstream: FaultUpstream;
let app: TestApp;
let client: Anthropic;
let aiSdk: ReturnType<typeof createAnthropic>;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({ yaml: playedConfiguration(upstream) });
  client = new Anthropic({ apiKey: app.adminKey, baseURL: app.url, maxRetries: 0 });
  aiSdk = createAnthropic({ apiKey: app.adminKey, baseURL: `${app.url}/v1` });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.always(playVendor);
});

const requestOf = (type: string, rest: Partial<Anthropic.MessageCreateParams> = {}) => ({
  model: `${type}/${PLAYED_MODEL}`,
  max_tokens: 500,
  messages: HELLO,
  ...rest,
});

/** Of whatever kind they are, 20 tokens in and 9 out. */
function inputOf({ usage }: Anthropic.Message): number {
  const { cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage;
  return usage.input_tokens + (written ?? 0) + (read ?? 0);
}

/** Besides the text, a vendor may sign something that has to come back. */
function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

describe.each(PLAYED_VENDORS.map(({ type }) => [type]))('the Messages API over %s', (type) => {
  const create = (rest: Partial<Anthropic.MessageCreateParams> = {}) =>
    client.messages.create({ ...requestOf(type, rest), stream: false });
  const stream = (rest: Partial<Anthropic.MessageCreateParams> = {}) =>
    client.messages.stream({ ...requestOf(type, rest), stream: true });

  it('answers whole, with its usage, cost and row', async () => {
    const { data, response, request_id: requestId } = await create().withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(textOf(data)).toBe(TEXT);
    expect(inputOf(data)).toBe(20);
    expect(data.usage.output_tokens).toBe(9);
    expect(response.headers.get('x-llm-proxy-provider')).toBe(type);
    const { cost } = data.usage as unknown as { cost: number };
    expect(Number(response.headers.get('x-llm-proxy-cost'))).toBe(cost);
    expect((await app.rows()).at(-1)).toMatchObject({
      request_id: requestId,
      dialect: 'messages',
      requested_model: `${type}/${PLAYED_MODEL}`,
      provider: type,
      model: PLAYED_MODEL,
      status: 'ok',
      stream: false,
      attempts: 1,
      input_tokens: 20,
      output_tokens: 9,
      estimated: false,
      cost_nano_usd: Math.round(cost * 1e9),
    });
    expect(cost).toBeGreaterThan(0);
  });

  it('streams the same, and is in the ledger when it ends', async () => {
    const answer = stream();
    const texts: string[] = [];
    answer.on('text', (text) => texts.push(text));
    const message = await answer.finalMessage();
    const row = (await app.rows()).at(-1)!;
    expect(texts.join('')).toBe(TEXT);
    expect(textOf(message)).toBe(TEXT);
    expect(message.stop_reason).toBe('end_turn');
    expect(inputOf(message)).toBe(20);
    expect(message.usage.output_tokens).toBe(9);
    expect(row).toMatchObject({
      request_id: answer.request_id,
      dialect: 'messages',
      provider: type,
      status: 'ok',
      stream: true,
      input_tokens: 20,
      output_tokens: 9,
      estimated: false,
    });
    expect(row.cost_nano_usd).toBeGreaterThan(0);
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('calls tools and gets their results, %s', async (_how, isStream) => {
    const before = (await app.rows()).length;
    const ask = (messages: Anthropic.MessageParam[]) =>
      isStream
        ? stream({ messages, tools: TOOLS }).finalMessage()
        : create({ messages, tools: TOOLS });
    const first = await ask(HELLO);
    expect(first.stop_reason).toBe('tool_use');
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: 'weather', input: { city: 'Berlin' } },
      { name: 'time', input: {} },
    ]);
    const results: Anthropic.ToolResultBlockParam[] = calls.map(({ id, name }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: [{ type: 'text', text: `result of ${name}` }],
    }));
    const second = await ask([
      ...HELLO,
      { role: 'assistant', content: first.content },
      { role: 'user', content: results },
    ]);
    expect(textOf(second)).toBe(TEXT);
    const { body } = upstream.requests.at(-1)!;
    expect(body).toContain('result of weather');
    expect(body).toContain('result of time');
    expect((await app.rows()).slice(before).map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  describe('through the AI SDK', () => {
    const tools = {
      weather: tool({
        inputSchema: z.object({ city: z.string() }),
        execute: ({ city }) => `sunny in ${city}`,
      }),
      time: tool({ inputSchema: z.object({}), execute: () => 'noon' }),
    };
    const options = () => ({
      model: aiSdk(`${type}/${PLAYED_MODEL}`),
      prompt: 'Weather and time?',
      tools,
      stopWhen: isStepCount(3),
      maxRetries: 0,
    });

    it('generates over two turns', async () => {
      const before = (await app.rows()).length;
      const result = await generateText(options());
      expect(result.text).toBe(TEXT);
      expect(result.finishReason).toBe('stop');
      expect(
        result.steps.map(({ toolResults }) => toolResults.map(({ output }) => output)),
      ).toEqual([['sunny in Berlin', 'noon'], []]);
      expect(result.usage).toMatchObject({ inputTokens: 40, outputTokens: 18 });
      expect(upstream.requests.at(-1)!.body).toContain('sunny in Berlin');
      expect((await app.rows()).slice(before)).toMatchObject([
        { status: 'ok', input_tokens: 20, output_tokens: 9 },
        { status: 'ok', input_tokens: 20, output_tokens: 9 },
      ]);
    });

    it('streams over two turns', async () => {
      const result = streamText(options());
      const texts: string[] = [];
      for await (const text of result.textStream) texts.push(text);
      expect(texts.join('')).toContain(TEXT);
      expect(await result.finishReason).toBe('stop');
      expect(await result.steps).toHaveLength(2);
      expect(await result.usage).toMatchObject({ inputTokens: 40, outputTokens: 18 });
    });
  });

  it.each([
    ['an answer', false],
    ['a stream', true],
  ])('breaks off %s when the client leaves', async (_what, isStream) => {
    const index = upstream.requests.length;
    const rows = (await app.rows()).length;
    upstream.always((request) =>
      isStream
        ? { ...playVendor(request), afterEvents: 3, ending: 'stall' }
        : { beforeHeaders: 'stall' },
    );
    const leave = new AbortController();
    const params = requestOf(type);
    const answer = isStream
      ? client.messages.create({ ...params, stream: true }, { signal: leave.signal })
      : client.messages.create({ ...params, stream: false }, { signal: leave.signal });
    const outcome = answer.then(
      async (events) => {
        for await (const _ of events as AsyncIterable<unknown>) leave.abort();
      },
      () => undefined,
    );
    await upstream.waitForRequest(index);
    if (!isStream) leave.abort();
    await outcome.catch(() => undefined);
    await upstream.waitForAbort(index);
    const row = await waitUntil(async () => (await app.rows())[rows], 'the row');
    expect(row).toMatchObject({ dialect: 'messages', status: 'client_aborted', http_status: 499 });
    expect(row.input_tokens).toBeGreaterThan(0);
  });

  it('tells of a failure in the middle of a stream, and does not end it as if it were whole', async () => {
    const { vendor } = PLAYED_VENDORS.find((each) => each.type === type)!;
    upstream.always((request) => {
      const script = playVendor(request);
      return { ...script, events: [...(script.events ?? []).slice(0, 3), vendor.streamError] };
    });
    const types: string[] = [];
    const failure = await (async () => {
      try {
        const events = await client.messages.create({ ...requestOf(type), stream: true });
        for await (const event of events) types.push(event.type);
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(Anthropic.APIError);
    expect((failure as InstanceType<typeof Anthropic.APIError>).error).toMatchObject({
      type: 'error',
      error: { type: expect.stringMatching(/^(?:overloaded|api)_error$/) },
      request_id: expect.stringMatching(/^req_/),
    });
    expect(types[0]).toBe('message_start');
    expect(types).not.toContain('message_stop');
    expect((await app.rows()).at(-1)).toMatchObject({ dialect: 'messages', status: 'error' });
  });
});

it.each([
  ['whole', false],
  ['streamed', true],
])(
  'an answer that its vendor did not count has the usage of its row, %s',
  async (_how, isStream) => {
    const texts = ['x'.repeat(40)];
    const tokens = countTokensInSlices(texts.join(''));
    upstream.always(isStream ? stream(texts) : { body: completion(texts.join('')) });
    const params = requestOf('openai');
    const message = isStream
      ? await client.messages.stream(params).finalMessage()
      : await client.messages.create({ ...params, stream: false });
    const row = (await app.rows()).at(-1)!;
    expect(row).toMatchObject({ estimated: true, output_tokens: tokens });
    expect(message.usage).toMatchObject({
      input_tokens: row.input_tokens,
      output_tokens: tokens,
    });
  },
);

describe('GET /v1/models', () => {
  it("is read by Anthropic's SDK", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) {
      ids.push(model.id);
      expect(model).toMatchObject({
        type: 'model',
        display_name: expect.any(String),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
    }
    const id = `anthropic/${PLAYED_MODEL}`;
    expect(ids).toContain(id);
    expect(await client.models.retrieve(id)).toMatchObject({ id, type: 'model' });
    const page = await client.models.list({ limit: 1000 }).withResponse();
    expect(page.data.hasNextPage()).toBe(false);
    expect(page.request_id).toMatch(/^req_/);
  });

  it('tells of an unknown model in the form of whoever asks', async () => {
    const failure = await client.models.retrieve('nobody/nothing').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.NotFoundError);
    expect(failure).toMatchObject({ type: 'not_found_error' });
    const headers = { authorization: `Bearer ${app.adminKey}` };
    const answer = await fetch(`${app.url}/v1/models/nobody/nothing`, { headers });
    expect(await answer.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });
});
