import OpenAI, {
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, USAGE } from './support/vendor-answers.js';

type Message = OpenAI.ChatCompletionMessageParam;

const HELLO: Message[] = [{ role: 'user', content: 'Hello to the proxy' }];

const WEATHER: OpenAI.ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};

let proxy: TestApp;

function sdk(apiKey: string, options: Partial<ConstructorParameters<typeof OpenAI>[0]> = {}) {
  return new OpenAI({ apiKey, baseURL: `${proxy.url}/v1`, maxRetries: 0, ...options });
}

async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => expect.unreachable('should have been refused'),
    (error: unknown) => error,
  );
}

describe('the openai SDK against the simulated provider', () => {
  let client: OpenAI;

  beforeAll(async () => {
    proxy = await TestApp.start({ env: { RETRY_MAX_ATTEMPTS: '1' } });
    client = sdk(proxy.demoKey!);
  });
  afterAll(() => proxy.close());

  it('creates a completion, with its cost', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'simulated/echo', messages: HELLO })
      .withResponse();
    expect(data.choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello to the proxy', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ]);
    const { cost } = data.usage as unknown as { cost: number };
    expect(cost).toBeGreaterThan(0);
    expect(response.headers.get('x-llm-proxy-cost')).toBe(cost.toFixed(9).replace(/0+$/, ''));
    const row = (await proxy.rows()).at(-1)!;
    expect(row).toMatchObject({
      request_id: response.headers.get('x-request-id'),
      client: 'demo',
      input_tokens: data.usage!.prompt_tokens,
      output_tokens: data.usage!.completion_tokens,
      cost_nano_usd: Math.round(cost * 1e9),
    });
  });

  it('streams through its helper what it creates at once', async () => {
    const request = { model: 'simulated/markdown', messages: HELLO };
    const created = await client.chat.completions.create(request);
    const stream = client.chat.completions.stream(request);
    const texts: string[] = [];
    stream.on('content', (delta) => texts.push(delta));
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]!.message.content).toBe(created.choices[0]!.message.content);
    expect(texts.join('')).toBe(created.choices[0]!.message.content);
    expect(texts.length).toBeGreaterThan(10);
    expect(final.choices[0]!.finish_reason).toBe('stop');
  });

  it.each([undefined, { include_usage: false }])('sends no usage with %j', async (options) => {
    const stream = await client.chat.completions.create({
      model: 'simulated/echo',
      messages: HELLO,
      stream: true,
      ...(options && { stream_options: options }),
    });
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
    }
  });

  it('sends the usage in one last chunk when it is asked for', async () => {
    const stream = await client.chat.completions.create({
      model: 'simulated/echo',
      messages: HELLO,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const last = chunks.pop()!;
    expect(chunks.every(({ usage, choices }) => usage === null && choices.length === 1)).toBe(true);
    expect(last.choices).toEqual([]);
    const row = (await proxy.rows()).at(-1)!;
    expect(last.usage).toMatchObject({
      prompt_tokens: row.input_tokens,
      completion_tokens: row.output_tokens,
      cost: row.cost_nano_usd! / 1e9,
    });
  });

  it.each([false, true])('calls tools over two turns, streamed: %s', async (streamed) => {
    const ask = (messages: Message[]) => {
      const request = { model: 'simulated/tools', messages, tools: [WEATHER] };
      return streamed
        ? client.chat.completions.stream(request).finalChatCompletion()
        : client.chat.completions.create(request);
    };
    const first = await ask(HELLO);
    expect(first.choices[0]!.finish_reason).toBe('tool_calls');
    const calls = first.choices[0]!.message.tool_calls!;
    expect(calls).toHaveLength(1);
    const [call] = calls;
    if (call?.type !== 'function') throw new Error('not a call of a function');
    expect(call.function.name).toBe('weather');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) });

    const { role, content, tool_calls } = first.choices[0]!.message;
    const second = await ask([
      ...HELLO,
      { role, content, tool_calls },
      { role: 'tool', tool_call_id: call.id, content: '21 degrees' },
    ]);
    expect(second.choices[0]!.message.content).toContain('21 degrees');
    expect(second.choices[0]!.finish_reason).toBe('stop');
  });

  it('runs tools by itself', async () => {
    const cities: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model: 'simulated/tools',
      messages: HELLO,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'The weather of a city',
            parameters: WEATHER.function.parameters as object,
            parse: JSON.parse,
            function: (input: unknown) => {
              cities.push(input);
              return '21 degrees';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('21 degrees');
    expect(cities).toEqual([{ city: expect.any(String) }]);
  });

  it.each([false, true])('shows the reasoning, streamed: %s', async (streamed) => {
    const request = { model: 'simulated/reasoning', messages: HELLO };
    const final = streamed
      ? await client.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } })
          .finalChatCompletion()
      : await client.chat.completions.create(request);
    const { message } = final.choices[0]!;
    expect(message.content).toBe('Hello to the proxy');
    expect((message as unknown as { reasoning_content: string }).reasoning_content).toMatch(/\w/);
    expect(final.usage!.completion_tokens_details!.reasoning_tokens).toBeGreaterThan(0);
  });

  it.each([false, true])('gives n answers, streamed: %s', async (streamed) => {
    const request = { model: 'simulated/echo', messages: HELLO, n: 3 };
    const final = streamed
      ? await client.chat.completions.stream(request).finalChatCompletion()
      : await client.chat.completions.create(request);
    expect(
      final.choices.map(({ index, message, finish_reason }) => [
        index,
        message.content,
        finish_reason,
      ]),
    ).toEqual([0, 1, 2].map((index) => [index, 'Hello to the proxy', 'stop']));
  });

  it('parses structured output', async () => {
    const person = z.object({ name: z.string(), age: z.number().int() });
    const completion = await client.chat.completions.parse({
      model: 'simulated/echo',
      messages: HELLO,
      response_format: zodResponseFormat(person, 'person'),
    });
    expect(completion.choices[0]!.message.parsed).toEqual({
      name: expect.any(String),
      age: expect.any(Number),
    });
  });

  it('lists models and retrieves each, slashes included', async () => {
    const listed: OpenAI.Model[] = [];
    for await (const model of client.models.list()) listed.push(model);
    expect(listed.map(({ id }) => id)).toContain('simulated/echo');
    for (const model of listed) expect(await client.models.retrieve(model.id)).toEqual(model);
    expect(await rejection(client.models.retrieve('simulated/nothing'))).toBeInstanceOf(
      NotFoundError,
    );
  });

  it('leaves a stream, and nothing goes on behind it', async () => {
    const stream = await client.chat.completions.create({
      model: 'simulated/slow-0ms-20cps',
      messages: HELLO,
      stream: true,
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await expect
      .poll(async () => (await proxy.rows()).at(-1), { timeout: 10_000 })
      .toMatchObject({ model: 'slow-0ms-20cps', status: 'client_aborted', estimated: true });
  });

  it.each<[string, object, abstract new (...given: never[]) => APIError, object]>([
    [
      'a model that is not there',
      { model: 'nothing' },
      NotFoundError,
      { code: 'model_not_found', param: 'model' },
    ],
    [
      'a value that is wrong',
      { temperature: 9 },
      BadRequestError,
      { code: 'invalid_value', param: 'temperature' },
    ],
    [
      'a rate limit',
      { model: 'simulated/error-429' },
      RateLimitError,
      { code: 'rate_limit_exceeded' },
    ],
    [
      'a failed upstream',
      { model: 'simulated/error-500' },
      InternalServerError,
      { status: 502, code: 'upstream_error' },
    ],
    [
      'an unreadable upstream',
      { model: 'simulated/error-malformed' },
      InternalServerError,
      { status: 502, code: 'upstream_invalid_response' },
    ],
  ])('throws its own error for %s', async (_, changes, type, expected) => {
    const request = { model: 'simulated/echo', messages: HELLO, ...changes };
    for (const stream of [false, true]) {
      const error = await rejection(client.chat.completions.create({ ...request, stream }));
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({ ...expected, requestID: expect.stringMatching(/^req_/) });
    }
  });

  it('throws its own error for a key that is not good', async () => {
    const error = await rejection(sdk('sk-wrong').models.list());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('throws when a stream breaks, after what came before', async () => {
    const request = { model: 'simulated/error-mid-stream', messages: HELLO, stream: true } as const;
    const texts: string[] = [];
    const read = async () => {
      for await (const chunk of await client.chat.completions.create(request)) {
        texts.push(chunk.choices[0]?.delta.content ?? '');
      }
    };
    const error = await rejection(read());
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ type: 'upstream_error', code: 'upstream_error' });
    expect(texts.join('')).not.toBe('');

    const helper = client.chat.completions.stream({ ...request }).finalChatCompletion();
    expect(await rejection(helper)).toBeInstanceOf(APIError);
  });
});

describe('the openai SDK against an upstream', () => {
  let upstream: FaultUpstream;
  let key: string;
  let earlierCalls = 0;
  let earlierRows = 0;

  beforeAll(async () => {
    upstream = await FaultUpstream.start();
    proxy = await TestApp.start({
      yaml: `providers: [{ name: openai, type: openai, baseUrl: "${upstream.url}/v1", apiKey: provider-key, retries: { maxAttempts: 1 }, breaker: { enabled: false } }]`,
    });
    const created = await proxy.app.get(ApiKeysService).createForClientName('caller');
    key = created.key.reveal();
  });
  afterAll(async () => {
    await proxy.close();
    await upstream.close();
  });
  beforeEach(async () => {
    earlierCalls = upstream.requests.length;
    earlierRows = (await proxy.rows()).length;
  });

  const request = { model: 'openai/gpt-4o', messages: HELLO };
  const newRows = async () => (await proxy.rows()).slice(earlierRows);

  it.each([
    { status: 429, headers: { 'retry-after-ms': '1' }, body: { error: { message: 'Slow down' } } },
    { status: 500, body: { error: { message: 'Oops' } } },
    { beforeHeaders: 'reset' as const },
  ])('tries again by itself, and each try is one call and one row: %j', async (failure) => {
    upstream.next(failure, failure, { body: completion('At last', USAGE) });
    const answer = await sdk(key, { maxRetries: 2 }).chat.completions.create(request);
    expect(answer.choices[0]!.message.content).toBe('At last');
    expect(upstream.requests).toHaveLength(earlierCalls + 3);
    const rows = await newRows();
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['error', 1],
      ['error', 1],
      ['ok', 1],
    ]);
    expect(new Set(rows.map((row) => row.request_id)).size).toBe(3);
  });

  it("does not try again what is the caller's fault", async () => {
    upstream.next({ status: 400, body: { error: { message: 'No', param: 'seed' } } });
    const error = await rejection(sdk(key, { maxRetries: 2 }).chat.completions.create(request));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param: 'seed' });
    expect(upstream.requests).toHaveLength(earlierCalls + 1);
  });

  it("never shows the provider's refusal of our key as the caller's", async () => {
    upstream.next({ status: 401, body: { error: { message: 'Bad key' } } });
    const error = await rejection(sdk(key).chat.completions.create(request));
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ status: 502, code: 'upstream_auth' });
  });

  it('aborts mid-stream, and the upstream sees it', async () => {
    upstream.next({
      events: streamEvents(['One', ' two'], USAGE),
      cut: 'per-event',
      afterEvents: 2,
      ending: 'stall',
    });
    const stream = sdk(key).chat.completions.stream(request);
    await stream.emitted('content');
    stream.abort();
    expect(await rejection(stream.finalChatCompletion())).toBeInstanceOf(APIUserAbortError);
    await upstream.waitForAbort(earlierCalls);
    await expect
      .poll(newRows, { timeout: 10_000 })
      .toMatchObject([{ status: 'client_aborted', estimated: true }]);
  });

  it('gives up after its own time-out, and the upstream sees it', async () => {
    upstream.next({ beforeHeaders: 'stall' });
    const error = await rejection(sdk(key, { timeout: 200 }).chat.completions.create(request));
    expect(error).toBeInstanceOf(APIConnectionTimeoutError);
    await upstream.waitForAbort(earlierCalls);
    await expect.poll(newRows, { timeout: 10_000 }).toMatchObject([{ status: 'client_aborted' }]);
  });

  it('reads a stream however its bytes are cut', async () => {
    const texts = ['Grüße ', '日本語 ', '👩‍👩‍👧'];
    for (const cut of ['whole', 'per-event', 'with-comments', 1, [3, 50, 7]] as const) {
      upstream.next({ events: streamEvents(texts, USAGE), done: true, cut });
      const final = await sdk(key)
        .chat.completions.stream({ ...request, stream_options: { include_usage: true } })
        .finalChatCompletion();
      expect(final.choices[0]!.message.content).toBe(texts.join(''));
      expect(final.usage).toMatchObject(USAGE);
    }
  });

  it('always asks the upstream for the usage of a stream, and keeps it to itself', async () => {
    upstream.next({ events: streamEvents(['One'], USAGE), done: true });
    const final = await sdk(key).chat.completions.stream(request).finalChatCompletion();
    expect(final.usage ?? null).toBeNull();
    expect(JSON.parse(upstream.requests.at(-1)!.body)).toMatchObject({
      stream_options: { include_usage: true },
    });
    expect(await newRows()).toMatchObject([{ input_tokens: 9, output_tokens: 4 }]);
  });
});
