import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import {
  nativeAnswer,
  nativeEvents,
  nativeRefusal,
  nativeResponse,
  nativeStream,
} from './support/native-responses.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'provider-key-0123456789';
const MODEL = 'openai/gpt-5';

let upstream: FaultUpstream;
let other: FaultUpstream;
let app: TestApp;
let client: OpenAI;
let stranger: OpenAI;

beforeEach(async () => {
  [upstream, other] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  const retries = { maxAttempts: 1 };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'openai', type: 'openai', baseUrl: `${upstream.url}/v1`, apiKey: KEY, retries },
        { name: 'spare', type: 'openai', baseUrl: `${other.url}/v1`, apiKey: KEY, retries },
        { name: 'xai', type: 'xai', baseUrl: `${upstream.url}/x`, apiKey: KEY },
        { name: 'azure', type: 'azure', baseUrl: upstream.url, apiKey: KEY },
        {
          name: 'classic',
          type: 'azure',
          baseUrl: upstream.url,
          apiKey: KEY,
          settings: { urlStyle: 'deployments', apiVersion: '2024-10-21' },
        },
        { name: 'chat', type: 'openai-compatible', baseUrl: upstream.url },
      ],
      models: [
        { name: 'both', targets: [{ model: 'spare/gpt-5' }], fallbacks: [MODEL] },
        { name: 'falls', targets: [{ model: MODEL }], fallbacks: ['chat/m'] },
      ],
      prices: [{ model: MODEL, input: 1, output: 2 }],
    }),
  });
  const clientOf = (apiKey: string) =>
    new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  client = clientOf(app.adminKey);
  const created = await app.app.get(ApiKeysService).createForClientName('stranger');
  stranger = clientOf(created.key.reveal());
});
afterEach(async () => {
  await app.close();
  await Promise.all([upstream.close(), other.close()]);
});

function post(body: object | string): Promise<Response> {
  return fetch(`${app.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const lastRow = async () => (await app.rows()).at(-1);

describe('a vendor that speaks the dialect itself', () => {
  it('gets the body as it came, and its answer goes back as it is', async () => {
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    const text = `{ "big": 12345678901234567890, "model":"${MODEL}", "input" : "Hello",\n "tools":[{"type":"web_search"}] }`;
    const answer = await post(text);
    expect(upstream.requests[0]).toMatchObject({
      path: '/v1/responses',
      body: text.replace(MODEL, 'gpt-5'),
    });
    const told = await answer.text();
    expect(told.replace(/,"cost":[^}]*/, '')).toBe(JSON.stringify(nativeResponse('resp_1', 'Hi')));
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
    expect(await lastRow()).toMatchObject({
      dialect: 'responses',
      status: 'ok',
      provider: 'openai',
      input_tokens: 20,
      cached_input_tokens: 3,
      output_tokens: 9,
      reasoning_tokens: 2,
      estimated: false,
    });
  });

  it('streams its own bytes, with the cost beside its usage', async () => {
    const events = nativeEvents('resp_1', 'Hello');
    upstream.always(nativeStream(events));
    const answer = await post({ model: MODEL, input: 'Hello', stream: true });
    expect(await answer.text()).toBe(
      events
        .map(
          (event) =>
            `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
        )
        .join('')
        .replace(/("total_tokens":29)(?=\}\},"sequence_number")/, '$1,"cost":0.000038'),
    );
    expect(await lastRow()).toMatchObject({
      status: 'ok',
      stream: true,
      input_tokens: 20,
      output_tokens: 9,
      reasoning_tokens: 2,
      estimated: false,
    });
  });

  it('is read by the official helper and by the AI SDK', async () => {
    upstream.always(nativeAnswer('resp_1', 'Hello'));
    const final = await client.responses.stream({ model: MODEL, input: 'Hi' }).finalResponse();
    expect(final.output_text).toBe('Hello');
    const settings = {
      model: createOpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1` }).responses(MODEL),
      prompt: 'Hi',
    };
    expect((await generateText(settings)).text).toBe('Hello');
    expect(await streamText(settings).text).toBe('Hello');
  });

  it.each([
    ['xai', '/x/responses'],
    ['azure', '/openai/v1/responses'],
  ])('is %s', async (name, path) => {
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    const answer = await client.responses.create({ model: `${name}/m`, input: 'Hello' });
    expect(answer.output_text).toBe('Hi');
    expect(upstream.requests[0]!.path).toBe(path);
    expect(await lastRow()).toMatchObject({ output_tokens: 9, reasoning_tokens: 2 });
  });

  it('is not Azure in its older style, which is asked by way of chat', async () => {
    upstream.always({ body: completion('Hi', USAGE) });
    const answer = await client.responses.create({ model: 'classic/m', input: 'Hello' });
    expect(answer.output_text).toBe('Hi');
    expect(upstream.requests[0]!.path).toContain('/deployments/m/chat/completions');
  });

  it.each([
    ['server_error', 502, 'upstream_error'],
    ['rate_limit_exceeded', 429, 'rate_limit_exceeded'],
  ])('may fail under HTTP 200 before it has begun: %s', async (code, status, told) => {
    upstream.always(nativeStream(nativeRefusal('resp_1', code)));
    const asked = client.responses.create({ model: MODEL, input: 'Hello', stream: true });
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status, code: told });
    expect(await lastRow()).toMatchObject({ status: 'error', input_tokens: 0 });
  });

  it('is followed by another when it fails before it has begun', async () => {
    upstream.next(
      nativeStream(nativeRefusal('resp_refused', 'server_error')),
      eitherForm('Hi', USAGE),
    );
    const answer = await post({ model: 'falls', input: 'Hello', stream: true });
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('chat');
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('2');
    const told = await answer.text();
    expect(told).toContain('event: response.completed');
    expect(told).not.toContain('resp_refused');
  });

  it('may fail in the middle', async () => {
    const events = [
      ...nativeEvents('resp_1', 'Hello').slice(0, 6),
      ...nativeRefusal('r', 'server_error').slice(2),
    ];
    upstream.always(nativeStream(events));
    const answer = await post({ model: MODEL, input: 'Hello', stream: true });
    const told = [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data!) as { type: string; sequence_number: number },
    );
    expect(told.map(({ sequence_number: number }) => number)).toEqual([...told.keys()]);
    expect(told.slice(-2)).toMatchObject([
      { type: 'error', error: { code: 'upstream_error' } },
      { type: 'response.failed', response: { id: 'resp_1', status: 'failed' } },
    ]);
    expect(await lastRow()).toMatchObject({ status: 'error', estimated: true });
  });

  it('may stop in the middle', async () => {
    upstream.always(nativeStream(nativeEvents('resp_1', 'Hello').slice(0, 6)));
    const answer = await post({ model: MODEL, input: 'Hello', stream: true });
    expect(await answer.text()).toContain('event: response.failed');
    expect(await lastRow()).toMatchObject({
      status: 'error',
      error_code: 'upstream_invalid_response',
    });
  });

  it('is broken off when the client leaves', async () => {
    upstream.always({
      ...nativeStream(nativeEvents('resp_1', 'Hello').slice(0, 6)),
      ending: 'stall',
    });
    const stream = await client.responses.create({ model: MODEL, input: 'Hello', stream: true });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    stream.controller.abort();
    await upstream.waitForAbort(0);
    const row = await waitUntil(lastRow, 'the row');
    expect(row).toMatchObject({ status: 'client_aborted', estimated: true });
  });
});

describe('a response that its vendor keeps', () => {
  const first = async (id = 'resp_1') => {
    upstream.next(nativeAnswer(id, 'Hi'));
    return client.responses.create({ model: MODEL, input: 'Hello' });
  };
  const sentTo = (vendor: FaultUpstream) =>
    JSON.parse(vendor.requests.at(-1)!.body) as Record<string, unknown>;

  it('is gone on from where it is', async () => {
    const { id } = await first();
    upstream.next(nativeAnswer('resp_2', 'Fine'));
    // Another instance would come first.
    const answer = await client.responses.create({
      model: 'both',
      previous_response_id: id,
      input: 'How are you?',
    });
    expect(answer.id).toBe('resp_2');
    expect(other.requests).toHaveLength(0);
    expect(sentTo(upstream)).toMatchObject({ previous_response_id: id, input: 'How are you?' });
  });

  it('is told in full to whoever does not have it', async () => {
    const { id, output } = await first();
    other.next(nativeAnswer('resp_2', 'Fine'));
    const request = { previous_response_id: id, input: 'How are you?' };
    await client.responses.create({ model: 'spare/gpt-5', ...request });
    const {
      id: _id,
      status: _status,
      ...message
    } = output[0] as unknown as Record<string, unknown>;
    expect(sentTo(other)).toMatchObject({
      previous_response_id: null,
      input: [
        { role: 'user', content: 'Hello' },
        message,
        { role: 'user', content: 'How are you?' },
      ],
    });
    upstream.next({ body: completion('Fine', USAGE) });
    await client.responses.create({ model: 'chat/m', ...request });
    expect(sentTo(upstream)['messages']).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'How are you?' },
    ]);
  });

  it('is referred to by its items', async () => {
    const { output } = await first();
    const input = [
      { type: 'item_reference' as const, id: output[0]!.id! },
      { role: 'user' as const, content: 'And?' },
    ];
    upstream.next(nativeAnswer('resp_2', 'Fine'));
    await client.responses.create({ model: MODEL, input });
    expect(sentTo(upstream)['input']).toEqual(input);
    upstream.next({ body: completion('Fine', USAGE) });
    await client.responses.create({ model: 'chat/m', input });
    expect(sentTo(upstream)['messages']).toMatchObject([{ content: 'Hi' }, { content: 'And?' }]);
  });

  it('is nobody else’s', async () => {
    const { id, output } = await first();
    const refused = { status: 404, code: 'not_found' };
    const count = upstream.requests.length;
    const reference = [{ type: 'item_reference' as const, id: output[0]!.id! }];
    for (const asked of [
      () => stranger.responses.create({ model: MODEL, previous_response_id: id, input: 'And?' }),
      () => stranger.responses.create({ model: MODEL, input: reference }),
      () => stranger.responses.retrieve(id),
      () => stranger.responses.inputItems.list(id),
      () => stranger.responses.delete(id),
    ]) {
      await expect(asked()).rejects.toMatchObject(refused);
    }
    expect(upstream.requests).toHaveLength(count);
    expect(await client.responses.retrieve(id)).toMatchObject({ id, status: 'completed' });
  });

  it('is deleted there too', async () => {
    const { id } = await first();
    upstream.next({ body: { id, object: 'response', deleted: true } });
    await client.responses.delete(id);
    expect(upstream.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      path: `/v1/responses/${id}`,
    });
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  it('stays when it could not be deleted there', async () => {
    const { id } = await first();
    upstream.next({ status: 500, body: { error: { message: 'Oops' } } });
    const headers = { authorization: `Bearer ${app.adminKey}` };
    const answer = await fetch(`${app.url}/v1/responses/${id}`, { method: 'DELETE', headers });
    expectRefusal(await partsOf(answer), {
      status: 502,
      type: 'upstream_error',
      code: 'upstream_error',
    });
    expect(await client.responses.retrieve(id)).toMatchObject({ id });
  });

  it('is forgotten here when the client does not want it stored', async () => {
    upstream.next({ body: nativeResponse('resp_9', 'Hi', { store: false }) });
    await client.responses.create({ model: MODEL, input: 'Hello', store: false });
    await expect(client.responses.retrieve('resp_9')).rejects.toMatchObject({ status: 404 });
  });
});
