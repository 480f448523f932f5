import { createOpenAI } from '@ai-sdk/openai';
import { createXai } from '@ai-sdk/xai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import {
  SPARSE_TEXT,
  sparseEvents,
  sparseResponse,
  WHOLE_CITATION,
  WHOLE_CODE,
  WHOLE_SEARCH,
} from './support/sparse-responses.js';
import { TestApp } from './support/test-app.js';

const KEY = 'provider-key-0123456789';

let upstream: FaultUpstream;
let app: TestApp;
let client: OpenAI;
let cut: FaultScript['cut'];

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  cut = 'per-event';
  upstream.always(({ body }) =>
    (JSON.parse(body) as { stream?: boolean }).stream === true
      ? { events: sparseEvents(), named: true, cut }
      : { body: sparseResponse(), cut: cut === 'per-event' ? 'whole' : cut },
  );
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'xai', type: 'xai', baseUrl: upstream.url, apiKey: KEY },
        { name: 'openai', type: 'openai', baseUrl: upstream.url, apiKey: KEY },
        { name: 'azure', type: 'azure', baseUrl: upstream.url, apiKey: KEY },
      ],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

const aiSdk = (baseURL: string) => createOpenAI({ apiKey: app.adminKey, baseURL });

async function post(body: object): Promise<string> {
  const answer = await fetch(`${app.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.text();
}

/** Without what the gateway adds by itself. */
const withoutCost = (text: string) => text.replaceAll(/,"cost":null/g, '');

const written = (events: readonly (object & { type: string })[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

describe('a vendor whose answers lack what clients rely on', () => {
  it('cannot be read by a strict client when it is asked directly', async () => {
    const model = aiSdk(upstream.url).responses('grok-4');
    await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toThrow(
      'Invalid JSON response',
    );
  });

  it.each(['per-event', 1, [7, 1, 61]] as const)(
    'is read by the AI SDK through the gateway, cut: %j',
    async (pieces) => {
      cut = pieces;
      const settings = {
        model: aiSdk(`${app.url}/v1`).responses('xai/grok-4'),
        prompt: 'Hi',
        maxRetries: 0,
      };
      const source = { url: WHOLE_CITATION.url, title: WHOLE_CITATION.title };
      const unary = await generateText(settings);
      expect(unary.text).toBe(SPARSE_TEXT);
      expect(unary.sources).toMatchObject([source]);
      const streamed = streamText({
        ...settings,
        onError: ({ error }) => expect.fail(String(error)),
      });
      expect(await streamed.text).toBe(SPARSE_TEXT);
      expect(await streamed.sources).toMatchObject([source]);
    },
  );

  it('is read by the vendor’s own client as before', async () => {
    const through = { apiKey: app.adminKey, baseURL: `${app.url}/v1` };
    const clients = [
      createXai({ apiKey: KEY, baseURL: upstream.url }).responses('grok-4'),
      createXai(through).responses('xai/grok-4'),
    ];
    for (const model of clients) {
      const settings = { model, prompt: 'Hi', maxRetries: 0 };
      const unary = await generateText(settings);
      expect(unary.text).toBe(SPARSE_TEXT);
      expect(unary.sources).toMatchObject([{ url: WHOLE_CITATION.url }]);
      expect(unary.toolCalls).toHaveLength(2);
      expect(await streamText(settings).text).toBe(SPARSE_TEXT);
    }
  });

  const whole = {
    ...sparseResponse(),
    error: null,
    instructions: null,
    tools: [{ type: 'web_search' }, { type: 'code_interpreter', container: { type: 'auto' } }],
    output: [WHOLE_SEARCH, WHOLE_CODE, { content: [{ annotations: [WHOLE_CITATION] }] }],
  };

  it('is whole for the official client, and the same when it is fetched again', async () => {
    const answer = await client.responses.create({ model: 'xai/grok-4', input: 'Hi' });
    expect(answer.output_text).toBe(SPARSE_TEXT);
    expect(answer).toMatchObject(whole);
    const again = await client.responses.retrieve(answer.id);
    expect(again).toEqual(answer);
  });

  it('is so in a stream as well', async () => {
    const final = await client.responses
      .stream({ model: 'xai/grok-4', input: 'Hi' })
      .finalResponse();
    expect(final.output_text).toBe(SPARSE_TEXT);
    expect(final).toMatchObject(whole);
    expect(await client.responses.retrieve(final.id)).toMatchObject(whole);
  });

  it.each([1, 61, 'whole'] as const)('keeps its bytes all the same, cut: %j', async (pieces) => {
    cut = pieces;
    const told = withoutCost(await post({ model: 'xai/grok-4', input: 'Hi', stream: true }));
    const events = told.split('\n\n').slice(0, -1);
    const own = written(sparseEvents()).split('\n\n').slice(0, -1);
    expect(events).toHaveLength(own.length);
    const changed = events.flatMap((event, index) =>
      event === own[index] ? [] : [/^event: response\.(.*)/.exec(event)![1]],
    );
    expect(changed).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'output_item.done',
      'output_item.added',
      'output_item.done',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
  });

  it.each(['openai', 'azure'])('is left alone where it is %s', async (name) => {
    const request = { model: `${name}/m`, input: 'Hi' };
    expect(withoutCost(await post({ ...request, stream: true }))).toBe(written(sparseEvents()));
    expect(withoutCost(await post(request))).toBe(JSON.stringify(sparseResponse()));
  });

  it('is billed for what it said, and not for what was filled in', async () => {
    for (const name of ['openai', 'xai']) {
      for (const stream of [true, false]) await post({ model: `${name}/m`, input: 'Hi', stream });
    }
    const counted = (await app.rows()).map(
      ({ status, input_tokens: input, output_tokens: output, units, estimated }) => ({
        status,
        input,
        output,
        units,
        estimated,
      }),
    );
    expect(counted).toHaveLength(4);
    expect(new Set(counted.map((row) => JSON.stringify(row))).size).toBe(1);
    expect(counted[0]).toMatchObject({ status: 'ok', input: 20, output: 9, estimated: false });
  });

  it('fails where what it sends cannot be read', async () => {
    const events = sparseEvents().map((event) => JSON.stringify(event));
    const broken = '{"type":"response.output_text.delta","delta":"H';
    const record = (json: string) =>
      `event: ${/"type":"(response[^"]*)"/.exec(json)![1]}\ndata: ${json}\n\n`;
    upstream.always({
      body: [...events.slice(0, 9), broken, ...events.slice(9)].map(record).join(''),
      headers: { 'content-type': 'text/event-stream' },
    });
    const told = await post({ model: 'xai/m', input: 'Hi', stream: true });
    expect(told).toMatch(/\nevent: error\ndata: [^\n]*\n\nevent: response\.failed\n[^\n]*\n\n$/);
    expect(told).not.toContain('response.completed');
    expect((await app.rows()).at(-1)).toMatchObject({
      status: 'error',
      error_code: 'upstream_invalid_response',
    });
  });
});
