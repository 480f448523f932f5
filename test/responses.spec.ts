import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import OpenAI, { APIError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ANTHROPIC_VENDOR } from '../src/providers/anthropic/anthropic-answers.contract.js';
import type { HttpVendor } from '../src/providers/contract/describe-provider.contract.js';
import { GEMINI_VENDOR } from '../src/providers/gemini/gemini-answers.contract.js';
import { OPENAI_VENDOR } from '../src/providers/openai-compatible/openai-answers.contract.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

type Events = OpenAI.Responses.ResponseStreamEvent[];

const TEXT = 'Hello "wörld" 🙂';
const TOOLS: OpenAI.Responses.FunctionTool[] = ['weather', 'time'].map((name) => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
}));

const VENDORS: [type: string, vendor: HttpVendor][] = [
  ['openai-compatible', OPENAI_VENDOR],
  ['anthropic', ANTHROPIC_VENDOR],
  ['gemini', GEMINI_VENDOR],
];

let upstream: FaultUpstream;
let app: TestApp;
let client: OpenAI;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: VENDORS.map(([type]) => ({
        name: type,
        type,
        baseUrl: upstream.url,
        apiKey: 'provider-key-0123456789',
        retries: { maxAttempts: 1 },
      })),
      prices: VENDORS.map(([type, { model = 'm' }]) => ({
        model: `${type}/${model}`,
        input: 1,
        output: 2,
      })),
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});
afterEach(() => upstream.always({ status: 501, body: {} }));

async function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/v1/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.adminKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

const lastRow = async () => (await app.rows()).at(-1);
const bodyOf = (index: number) =>
  JSON.parse(upstream.requests.at(index)!.body) as Record<string, unknown>;

async function collect(stream: AsyncIterable<Events[number]>): Promise<Events> {
  const events: Events = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe.each(VENDORS)('responses of %s', (type, vendor) => {
  const model = `${type}/${vendor.model ?? 'm'}`;
  const whole = (script: HttpVendor['text']): FaultScript => ({ body: script.unary });

  it('are whole objects, with their row and their cost', async () => {
    upstream.next(whole(vendor.text));
    const { data, response } = await client.responses
      .create({ model, input: 'Hello', instructions: 'Be kind.', safety_identifier: 'ada' })
      .withResponse();
    expect(data).toMatchObject({ object: 'response', status: 'completed', store: true });
    expect(data.output_text).toBe(TEXT);
    expect(data.usage).toMatchObject({
      input_tokens: 20,
      output_tokens: 9,
      total_tokens: 29,
      cost: expect.any(Number),
    });
    expect(response.headers.get('x-llm-proxy-provider')).toBe(type);
    expect(response.headers.get('x-llm-proxy-cost')).toMatch(/^0\.0000/);
    expect(await lastRow()).toMatchObject({
      request_id: response.headers.get('x-request-id'),
      dialect: 'responses',
      status: 'ok',
      provider: type,
      stream: false,
      input_tokens: 20,
      output_tokens: 9,
      estimated: false,
      user: 'ada',
    });
  });

  it('stream to the official helper', async () => {
    upstream.next({ ...vendor.text.stream, cut: 'per-event' });
    const stream = client.responses.stream({ model, input: 'Hello' });
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    const final = await stream.finalResponse();
    expect(deltas.join('')).toBe(TEXT);
    expect(final).toMatchObject({ status: 'completed', output_text: TEXT });
    expect(final.usage).toMatchObject({ input_tokens: 20, output_tokens: 9 });
    expect(await lastRow()).toMatchObject({
      dialect: 'responses',
      status: 'ok',
      stream: true,
      input_tokens: 20,
      output_tokens: 9,
      first_chunk_ms: expect.any(Number),
    });
  });

  it.each([
    ['sent whole', false],
    ['gone on from', true],
  ])('call tools, and the loop is %s', async (_how, isStored) => {
    upstream.next({ ...vendor.tools.stream, cut: 'per-event' });
    const first = await client.responses
      .stream({ model, input: 'Weather?', tools: TOOLS, store: isStored })
      .finalResponse();
    const calls = first.output.filter((item) => item.type === 'function_call');
    expect(calls).toMatchObject([
      { name: 'weather', arguments: expect.stringContaining('Berlin') },
      { name: 'time' },
    ]);

    const outputs = calls.map(({ call_id }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: 'sunny',
    }));
    upstream.next(whole(vendor.text));
    const second = await client.responses.create(
      isStored
        ? { model, previous_response_id: first.id, input: outputs, tools: TOOLS }
        : {
            model,
            input: [{ role: 'user', content: 'Weather?' }, ...first.output, ...outputs] as never,
            tools: TOOLS,
            store: false,
          },
    );
    expect(second.output_text).toBe(TEXT);
    const sent = upstream.requests.at(-1)!.body;
    expect(sent).toContain('Weather?');
    expect(sent).toContain('Berlin');
    expect(sent.match(/sunny/g)).toHaveLength(2);
  });

  it('call custom tools', async () => {
    upstream.next(whole(vendor.tools));
    const { output } = await client.responses.create({
      model,
      input: 'Weather?',
      tools: [{ type: 'custom', name: 'weather' }, TOOLS[1]!],
    });
    expect(output.filter(({ type: each }) => each.endsWith('_call'))).toMatchObject([
      { type: 'custom_tool_call', name: 'weather', input: expect.stringContaining('Berlin') },
      { type: 'function_call', name: 'time' },
    ]);
  });

  it('tell of a refusal before they begin', async () => {
    for (const stream of [false, true]) {
      upstream.next({ status: 400, body: vendor.error(400, 'That is too long.') });
      const asked = client.responses.create({ model, input: 'Hello', stream });
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(APIError);
      expect(error).toMatchObject({ status: 400, message: expect.stringContaining('too long') });
      expect(await lastRow()).toMatchObject({ dialect: 'responses', status: 'error' });
    }
  });

  it('tell of a failure in the middle', async () => {
    const events = [...(vendor.text.stream.events ?? []).slice(0, 3), vendor.streamError];
    upstream.next({ ...vendor.text.stream, events, done: false, cut: 'per-event' });
    const answer = await post({ model, input: 'Hello', stream: true });
    expect(answer.status).toBe(200);
    const names = [...(await answer.text()).matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect(names.slice(-2)).toEqual(['error', 'response.failed']);
    expect(await lastRow()).toMatchObject({ status: 'error', estimated: true });
  });

  it('are broken off when the client leaves', async () => {
    const index = upstream.requests.length;
    const events = (vendor.text.stream.events ?? []).slice(0, 3);
    upstream.next({
      ...vendor.text.stream,
      events,
      cut: 'per-event',
      done: false,
      ending: 'stall',
    });
    const before = (await app.rows()).length;
    const stream = await client.responses.create({ model, input: 'Hello', stream: true });
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') break;
    }
    stream.controller.abort();
    await upstream.waitForAbort(index);
    const row = await waitUntil(async () => (await app.rows())[before], 'the row');
    expect(row).toMatchObject({ status: 'client_aborted', dialect: 'responses' });
  });

  describe('read by the AI SDK', () => {
    const settings = () => ({
      model: createOpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1` }).responses(model),
      prompt: 'Weather?',
      maxRetries: 0,
      stopWhen: stepCountIs(2),
      tools: Object.fromEntries(
        TOOLS.map(({ name }) => [
          name,
          tool({
            inputSchema: z.object({ city: z.string().optional() }),
            execute: () => 'sunny',
          }),
        ]),
      ),
    });

    it('whole, over two turns', async () => {
      upstream.next(whole(vendor.tools), whole(vendor.text));
      const { text, steps } = await generateText(settings());
      expect(text).toBe(TEXT);
      expect(steps[0]?.toolCalls.map(({ toolName }) => toolName)).toEqual(['weather', 'time']);
      expect(upstream.requests.at(-1)!.body.match(/sunny/g)).toHaveLength(2);
    });

    it('streamed, over two turns', async () => {
      upstream.next(
        { ...vendor.tools.stream, cut: 'per-event' },
        { ...vendor.text.stream, cut: 'per-event' },
      );
      const { textStream, usage } = streamText({
        ...settings(),
        onError: ({ error }) => expect.fail(String(error)),
      });
      const texts: string[] = [];
      for await (const text of textStream) texts.push(text);
      expect(texts.join('')).toContain(TEXT);
      expect(await usage).toMatchObject({ inputTokens: 40, outputTokens: 18 });
    });
  });
});

describe('the route', () => {
  const model = 'openai-compatible/m';
  beforeEach(() => upstream.always({ body: OPENAI_VENDOR.text.unary }));

  it('gives every event its name and its number', async () => {
    upstream.next({ ...OPENAI_VENDOR.text.stream, cut: 'per-event' });
    const events = await collect(
      await client.responses.create({ model, input: 'Hello', stream: true }),
    );
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()]);
    expect(events[0]?.type).toBe('response.created');
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  it('says what it could not carry over, in the header and in the row', async () => {
    const answer = await post({
      model,
      input: 'Hello',
      truncation: 'auto',
      tools: [TOOLS[0], { type: 'web_search' }],
    });
    expect(answer.status).toBe(200);
    const report = 'tools.web_search=dropped,truncation=dropped';
    expect(answer.headers.get('x-llm-proxy-translation')).toBe(report);
    expect((await lastRow())?.translation).toBe(report);
    expect(bodyOf(-1)['tools']).toHaveLength(1);
  });

  it.each([
    [{ truncation: 'auto' }, 'truncation'],
    [{ tools: [TOOLS[0], { type: 'web_search_preview' }] }, 'tools[1]'],
  ])('refuses to lose anything when it is to be strict: %j', async (more, param) => {
    const count = upstream.requests.length;
    const strict = { 'x-llm-proxy-translation': 'strict' };
    expectRefusal(await partsOf(await post({ model, input: 'Hello', ...more }, strict)), {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      param,
    });
    expect(upstream.requests).toHaveLength(count);
  });

  it.each([
    [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
    [
      { tools: [TOOLS[0], { type: 'web_search' }], tool_choice: { type: 'web_search' } },
      'tool_choice',
    ],
    [{ tools: [{ type: 'code_interpreter' }] }, 'tools[0]'],
    [{ background: true }, 'background'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
  ])('refuses what it cannot do: %j', async (more, param) => {
    for (const stream of [false, true]) {
      expectRefusal(await partsOf(await post({ model, input: 'Hello', stream, ...more })), {
        status: 400,
        type: 'invalid_request_error',
        code: 'unsupported_parameter',
        param,
      });
    }
  });

  it('is answered once under an idempotency key', async () => {
    const headers = { 'idempotency-key': 'responses-once' };
    const text = await (await post({ model, input: 'Hello' }, headers)).text();
    const again = await post({ model, input: 'Hello' }, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
  });

  it('sends clients that want a WebSocket back to HTTP, at once', async () => {
    const request = httpRequest(`${app.url}/v1/responses`, {
      headers: {
        authorization: `Bearer ${app.adminKey}`,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      },
    });
    request.end();
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(426);
    expect(response.headers.connection).toBe('close');
    response.resume();
    await once(response, 'end');
  });

  it('is no list', async () => {
    const headers = { authorization: `Bearer ${app.adminKey}` };
    expect((await fetch(`${app.url}/v1/responses`, { headers })).status).toBe(404);
  });
});
