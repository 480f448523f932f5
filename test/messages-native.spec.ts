import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ANTHROPIC_VENDOR,
  MESSAGE_START,
  message,
  stream,
  textBlock,
} from '../src/providers/anthropic/anthropic-answers.contract.js';
import { AnthropicProvider } from '../src/providers/anthropic/anthropic.provider.js';
import { encodeReasoningState } from '../src/proxy/messages/reasoning-state.js';
import { FaultUpstream } from './support/fault-upstream.js';
import {
  PLAYED_MODEL,
  playedConfiguration,
  playVendor,
  PROVIDER_KEY,
} from './support/played-vendors.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

const MODEL = `anthropic/${PLAYED_MODEL}`;
const HELLO: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];

let upstream: FaultUpstream;
let app: TestApp;
let client: Anthropic;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: playedConfiguration(upstream, {
      models: [
        {
          name: 'either',
          targets: [{ model: MODEL }],
          fallbacks: [`openai/${PLAYED_MODEL}`],
        },
      ],
    }),
  });
  client = new Anthropic({ apiKey: app.adminKey, baseURL: app.url, maxRetries: 0 });
  upstream.always(playVendor);
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

function post(body: string, headers: Record<string, string> = {}, path = '/v1/messages') {
  return fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': app.adminKey, 'content-type': 'application/json', ...headers },
    body,
  });
}

const lastRow = async () => (await app.rows()).at(-1)!;

describe('a request to a vendor that speaks the Messages API itself', () => {
  const odd = (model: string) =>
    ` {"max_tokens" : 9,\n "made_up":{"big":12345678901234567890, "model":"x"},"messages":[{"role":"user","content":[{"type":"new_block","a":1.0}]}], "model":"${model}" } `;

  it('arrives byte for byte, its model name apart', async () => {
    const answer = await post(odd(MODEL), {}, '/v1/messages?beta=true');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
    const { body, path } = upstream.requests[0]!;
    expect(body).toBe(odd(PLAYED_MODEL));
    expect(path).toBe('/anthropic/v1/messages');
  });

  it('takes version and betas with it, and the key of the instance', async () => {
    const headers = { 'anthropic-beta': 'a-1,b-2', 'anthropic-version': '2099-01-01' };
    await post(odd(MODEL), { ...headers, 'x-app': 'cli' });
    await post(odd(MODEL));
    expect(upstream.requests[0]!.headers).toMatchObject({ ...headers, 'x-api-key': PROVIDER_KEY });
    expect(upstream.requests[0]!.headers).not.toHaveProperty('x-app');
    expect(upstream.requests[1]!.headers['anthropic-version']).toBe('2023-06-01');
    expect(upstream.requests[1]!.headers).not.toHaveProperty('anthropic-beta');
  });

  it('to one that does not goes without them, and the report says so', async () => {
    const body = JSON.stringify({
      model: `openai/${PLAYED_MODEL}`,
      max_tokens: 9,
      messages: HELLO,
      context_management: { edits: [] },
    });
    const headers = { 'anthropic-beta': 'a-1', 'anthropic-version': '2023-06-01' };
    const answer = await post(body, headers);
    expect(upstream.requests[0]!.headers).not.toHaveProperty('anthropic-beta');
    expect(upstream.requests[0]!.headers).not.toHaveProperty('anthropic-version');
    const report = answer.headers.get('x-llm-proxy-translation');
    expect(report!.split(',')).toEqual(
      expect.arrayContaining(['context_management=dropped', 'anthropic-beta=dropped']),
    );
    expect((await lastRow()).translation).toBe(report);
    const refusal = await post(body, { 'x-llm-proxy-translation': 'strict' });
    expect(refusal.status).toBe(400);
    expect(await refusal.json()).toMatchObject({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('context_management'),
      },
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('leaves what other vendors thought behind, and every other byte of it alone', async () => {
    const foreign = encodeReasoningState({ text: 'hm' }, '');
    const body = (thinking: string) =>
      `{"model":"${MODEL}","max_tokens":9,"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":[${thinking}{"type":"tool_use","id":"t","name":"f","input":{"n":12345678901234567890}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}]}`;
    const block = (signature: string) =>
      `{"type":"thinking","thinking":"hm","signature":"${signature}"},`;
    const answer = await post(body(block(foreign)));
    expect(answer.headers.get('x-llm-proxy-translation')).toBe('messages.thinking=dropped');
    await post(body(block('EqMBCkYIBxgCKkBPcvdl')));
    expect(upstream.requests.map((request) => request.body)).toEqual(
      [body(''), body(block('EqMBCkYIBxgCKkBPcvdl'))].map((each) =>
        each.replace(MODEL, PLAYED_MODEL),
      ),
    );
  });
});

describe('its answer', () => {
  it('comes as the vendor wrote it, with the cost beside its usage', async () => {
    const text = ` {"id":"msg_1", "type":"message","content":[{"type":"new_block","x":1.0}],"usage":{"input_tokens":12,"output_tokens":9,"new":null} }\n`;
    upstream.always({ body: text, headers: { 'request-id': 'req_vendor' } });
    const answer = await post(
      `{"model":"${MODEL}","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}`,
    );
    expect(await answer.text()).toBe(text.replace('null}', 'null,"cost":0.00003}'));
    expect(await lastRow()).toMatchObject({
      request_id: answer.headers.get('request-id'),
      upstream_request_id: 'req_vendor',
      input_tokens: 12,
      output_tokens: 9,
      cost_nano_usd: 30_000,
    });
  });

  it.each(['whole', 'per-event', 'with-comments', 1, 7] as const)(
    'is streamed record by record as it came, cut: %s',
    async (cut) => {
      const records = [
        'event: message_start\ndata: {"type": "message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":12,"output_tokens":1}}}\n\n',
        'event: ping\ndata: {"type": "ping"}\n\n',
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"new_block"}}\n\n',
        'event: new_event\ndata: {"type":"new_event", "x":12345678901234567890}\n\n',
        'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
        'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}\n\n',
        'event: message_stop\ndata: {"type":"message_stop" }\n\n',
      ].join('');
      upstream.always({ body: records, cut });
      const answer = await post(
        `{"model":"${MODEL}","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}`,
      );
      expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(await answer.text()).toBe(
        records.replace('"output_tokens":9}', '"output_tokens":9,"cost":0.00003}'),
      );
      expect(await lastRow()).toMatchObject({
        status: 'ok',
        input_tokens: 12,
        output_tokens: 9,
        cost_nano_usd: 30_000,
        estimated: false,
      });
    },
  );

  it('counts as the translated one does', async () => {
    const tokens = {
      input_tokens: 20,
      cached_input_tokens: 3,
      cache_write_tokens: 5,
      output_tokens: 9,
      reasoning_tokens: 2,
    };
    for (const isStream of [false, true]) {
      const ask = { model: MODEL, messages: HELLO, stream: isStream };
      await (await post(JSON.stringify({ ...ask, max_tokens: 9 }))).text();
      await (await app.chat(ask)).text();
    }
    const rows = await app.rows();
    expect(rows).toMatchObject([tokens, tokens, tokens, tokens]);
    expect(new Set(rows.map((row) => row.cost_nano_usd)).size).toBe(1);
  });

  it('is estimated when it broke off, each character once', async () => {
    const events = [MESSAGE_START, ...textBlock(0, 'x'.repeat(400), 'y'.repeat(400)).slice(0, -1)];
    upstream.always({ events, named: true, cut: 'per-event', ending: 'truncate' });
    for (const path of ['messages', 'chat']) {
      const ask = { model: MODEL, messages: HELLO, stream: true };
      const answer =
        path === 'chat'
          ? await app.chat(ask)
          : await post(JSON.stringify({ ...ask, max_tokens: 9 }));
      await answer.text();
      expect(await lastRow()).toMatchObject({
        dialect: path,
        status: 'error',
        input_tokens: 20,
        output_tokens: 200,
        estimated: true,
      });
    }
  });

  it('keeps what was counted when only its very end is missing', async () => {
    const events = stream(textBlock(0, 'Hello'), 'end_turn').slice(0, -1);
    upstream.always({ events, named: true, ending: 'end' });
    const answer = await post(
      JSON.stringify({ model: MODEL, messages: HELLO, stream: true, max_tokens: 9 }),
    );
    const text = await answer.text();
    expect(text).toContain('event: message_delta');
    expect(text).toContain('event: error');
    expect(text).not.toContain('message_stop');
    expect(await lastRow()).toMatchObject({ status: 'error', output_tokens: 9, estimated: false });
  });

  it('is known by its input when its client left', async () => {
    const events = [MESSAGE_START, ...textBlock(0, 'Hello')].slice(0, 3);
    upstream.always({ events, named: true, cut: 'per-event', ending: 'stall' });
    const stream = await client.messages.create({
      model: MODEL,
      max_tokens: 9,
      messages: HELLO,
      stream: true,
    });
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    await upstream.waitForAbort(0);
    const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
    expect(row).toMatchObject({
      status: 'client_aborted',
      input_tokens: 20,
      cached_input_tokens: 3,
      output_tokens: 2,
      estimated: true,
    });
  });
});

describe('a fallback from it', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

  it.each([
    ['refuses', { status: 529, body: overloaded }],
    ['begins and gives up', { events: [MESSAGE_START, { type: 'ping' }, overloaded], named: true }],
  ])('is translated, when the vendor %s', async (_how, script) => {
    upstream.next(script);
    const answer = client.messages.stream({ model: 'either', max_tokens: 9, messages: HELLO });
    const whole = await answer.finalMessage();
    expect(whole.content).toEqual([{ type: 'text', text: ANTHROPIC_VENDOR.text.expected.text }]);
    expect(await lastRow()).toMatchObject({
      requested_model: 'either',
      provider: 'openai',
      attempts: 2,
      status: 'ok',
      input_tokens: 20,
      output_tokens: 9,
    });
  });
});

describe('an instance that does not speak the Messages API although others of its type do', () => {
  beforeEach(() => {
    const { native } = app.app.get(AnthropicProvider);
    Object.assign(native.messages, {
      isSpokenBy: ({ name }: { name: string }) => name !== 'anthropic',
    });
  });

  it.each([false, true])('is asked by way of chat, streamed: %s', async (stream) => {
    const body = { model: MODEL, max_tokens: 9, messages: HELLO, top_k: 3, unknown: 1 };
    const answer = client.messages.stream(body);
    const whole = stream ? await answer.finalMessage() : await client.messages.create(body);
    expect(whole.content).toEqual([{ type: 'text', text: ANTHROPIC_VENDOR.text.expected.text }]);
    for (const request of upstream.requests) {
      expect(request.path).toBe('/anthropic/v1/messages');
      expect(JSON.parse(request.body)).not.toHaveProperty('unknown');
    }
  });

  it('has its tokens estimated', async () => {
    const { response } = await client.messages
      .countTokens({ model: MODEL, messages: HELLO })
      .withResponse();
    expect(response.headers.get('x-llm-proxy-translation')).toBe('input_tokens=approximated');
    expect(upstream.requests).toEqual([]);
  });
});

describe('POST /v1/messages/count_tokens', () => {
  it('is asked of the vendor that counts itself, and costs nothing', async () => {
    upstream.always({ body: ' {"input_tokens": 1234, "new": 1}' });
    const { data, response } = await client.beta.messages
      .countTokens({ model: MODEL, messages: HELLO, system: 'Be brief.', betas: ['b-1'] })
      .withResponse();
    expect(data).toEqual({ input_tokens: 1234, new: 1 });
    expect(response.headers.get('x-llm-proxy-provider')).toBe('anthropic');
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    const { path, body, headers } = upstream.requests[0]!;
    expect(path).toBe('/anthropic/v1/messages/count_tokens');
    expect(JSON.parse(body)).toEqual({ model: PLAYED_MODEL, messages: HELLO, system: 'Be brief.' });
    expect(headers['anthropic-beta']).toContain('b-1');
    expect(await app.rows()).toEqual([]);
  });

  it('is estimated for all others, which the report says', async () => {
    const { data, response } = await client.messages
      .countTokens({
        model: `openai/${PLAYED_MODEL}`,
        messages: [{ role: 'user', content: 'x'.repeat(400) }],
      })
      .withResponse();
    expect(data).toEqual({ input_tokens: 100 });
    expect(response.headers.get('x-llm-proxy-translation')).toBe('input_tokens=approximated');
    expect(upstream.requests).toEqual([]);
    expect(await app.rows()).toEqual([]);
  });

  it('tells of a failure as the vendor does', async () => {
    upstream.always({ body: { type: 'message' } });
    const body = { model: MODEL, messages: HELLO };
    await expect(client.messages.countTokens(body)).rejects.toMatchObject({ type: 'api_error' });
    upstream.always({ status: 400, body: message([], '') });
    await expect(client.messages.countTokens(body)).rejects.toMatchObject({
      type: 'invalid_request_error',
    });
    expect(await app.rows()).toEqual([]);
  });
});
