import OpenAI, { APIError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { nativeAnswer, RESPONSES_USAGE } from './support/native-responses.js';
import { TestApp } from './support/test-app.js';
import { eitherForm, USAGE } from './support/vendor-answers.js';

const MODEL = 'openai/gpt-5';
const KEY = 'provider-key-0123456789';
const RETENTION = 'RESPONSES_RETENTION_SECONDS';

let upstream: FaultUpstream;
let app: TestApp;
let client: OpenAI;

async function start(env: Record<string, string> = {}): Promise<void> {
  const retries = { maxAttempts: 1 };
  const instance = (name: string, type: string, rest: object = {}) => {
    return { name, type, baseUrl: `${upstream.url}/${name}`, apiKey: KEY, retries, ...rest };
  };
  app = await TestApp.start({
    env,
    yaml: JSON.stringify({
      providers: [
        instance('openai', 'openai'),
        instance('spare', 'openai'),
        instance('xai', 'xai'),
        instance('azure', 'azure'),
        instance('classic', 'azure', {
          settings: { urlStyle: 'deployments', apiVersion: '2024-10-21' },
        }),
        instance('chat', 'openai-compatible'),
      ],
      models: [
        { name: 'mixed', targets: [{ model: 'chat/m' }], fallbacks: [MODEL] },
        { name: 'both', targets: [{ model: 'spare/gpt-5' }], fallbacks: [MODEL] },
      ],
      prices: [{ model: MODEL, input: 1, output: 2 }],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
}

beforeEach(async () => {
  upstream = await FaultUpstream.start();
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

function post(path: string, body: unknown, key = app.adminKey): Promise<Response> {
  return fetch(`${app.url}/v1/responses/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const sent = () => JSON.parse(upstream.requests.at(-1)!.body) as Record<string, unknown>;

describe('POST /v1/responses/input_tokens', () => {
  it('is asked of the vendor that counts itself, and costs nothing', async () => {
    await start();
    upstream.always({ body: '{"object":"response.input_tokens","input_tokens":1234,"new":1}' });
    const text = `{ "model":"${MODEL}", "input":"Hello", "big": 12345678901234567890 }`;
    const answer = await post('input_tokens', text);
    expect(await answer.text()).toBe(
      '{"object":"response.input_tokens","input_tokens":1234,"new":1}',
    );
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-llm-proxy-provider': 'openai',
      'x-llm-proxy-model': 'gpt-5',
      'x-llm-proxy-attempts': '1',
      'x-llm-proxy-translation': '',
      'x-request-id': expect.any(String) as string,
    });
    expect(upstream.requests[0]).toMatchObject({
      path: '/openai/responses/input_tokens',
      body: text.replace(MODEL, 'gpt-5'),
    });
    expect(await app.rows()).toEqual([]);
  });

  it.each(['chat', 'xai', 'azure', 'classic'])('is estimated for %s', async (name) => {
    await start();
    const { data, response } = await client.responses.inputTokens
      .count({ model: `${name}/m`, input: 'x'.repeat(360), instructions: 'y'.repeat(40) })
      .withResponse();
    expect(data).toEqual({ object: 'response.input_tokens', input_tokens: 100 });
    expect(response.headers.get('x-llm-proxy-translation')).toBe('input_tokens=approximated');
    expect(upstream.requests).toEqual([]);
    expect(await app.rows()).toEqual([]);
  });

  it('counts the conversation that a request goes on from', async () => {
    await start();
    upstream.always(eitherForm('z'.repeat(100), USAGE));
    const { id } = await client.responses.create({ model: 'chat/m', input: 'x'.repeat(100) });
    const count = await client.responses.inputTokens.count({
      model: 'chat/m',
      previous_response_id: id,
      input: 'y'.repeat(200),
    });
    expect(count.input_tokens).toBe(100);
  });

  it('refuses an estimate in strict mode, and half a conversation always', async () => {
    await start({ RESPONSES_MAX_BYTES: '1024' });
    const strict = await fetch(`${app.url}/v1/responses/input_tokens`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app.adminKey}`,
        'content-type': 'application/json',
        'x-llm-proxy-translation': 'strict',
      },
      body: JSON.stringify({ model: 'chat/m', input: 'Hello' }),
    });
    expectRefusal(await partsOf(strict), {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      param: 'input_tokens',
    });
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    await client.responses.create({ model: MODEL, input: 'x'.repeat(2000) });
    const half = await post('input_tokens', { model: 'chat/m', previous_response_id: 'resp_1' });
    expectRefusal(await partsOf(half), {
      status: 404,
      type: 'invalid_request_error',
      code: 'not_found',
      param: 'previous_response_id',
    });
  });

  it.each([
    [{ status: 400, body: { error: { message: 'No.', type: 'invalid_request_error' } } }, 400],
    [{ body: { object: 'response' } }, 502],
    [{ body: 'nothing' }, 502],
  ])('tells of a failure in the usual form: %j', async (script, status) => {
    await start();
    upstream.always(script);
    const counting = client.responses.inputTokens.count({ model: MODEL, input: 'Hello' });
    await expect(counting).rejects.toMatchObject({ status });
    expect(await app.rows()).toEqual([]);
  });

  it('refuses what is not valid', async () => {
    await start();
    for (const body of [{ input: 'Hello' }, { model: MODEL }, { model: MODEL, input: 1 }]) {
      expect((await post('input_tokens', body)).status).toBe(400);
    }
    expect((await post('input_tokens', { model: 'x', input: 'y' }, 'wrong')).status).toBe(401);
    expect(upstream.requests).toEqual([]);
  });
});

const COMPACTION = {
  id: 'resp_c',
  object: 'response.compaction',
  created_at: 1_700_000_000,
  output: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
    { id: 'cmp_1', type: 'compaction', encrypted_content: 'sealed' },
  ],
  usage: RESPONSES_USAGE,
};

describe('POST /v1/responses/compact', () => {
  it.each([
    [MODEL, '/openai/responses/compact'],
    ['azure/m', '/azure/openai/v1/responses/compact'],
  ])('is asked of %s as it came, and is in the ledger', async (model, path) => {
    await start();
    upstream.always({ body: COMPACTION });
    const input = [{ role: 'user' as const, content: 'Hello' }];
    const { data, response } = await client.responses.compact({ model, input }).withResponse();
    expect(data).toMatchObject({ ...COMPACTION, usage: RESPONSES_USAGE });
    expect(response.headers.get('x-llm-proxy-model')).toBe(model.split('/')[1]);
    expect(upstream.requests[0]!.path).toBe(path);
    expect(sent()).toEqual({ model: model.split('/')[1], input });
    expect(await app.rows()).toMatchObject([
      { dialect: 'responses', status: 'ok', input_tokens: 20, output_tokens: 9, estimated: false },
    ]);
  });

  it('makes nothing that could be referred to, and asks for nothing to be kept', async () => {
    await start({ [RETENTION]: '0' });
    upstream.always({ body: COMPACTION });
    await client.responses.compact({ model: MODEL, input: 'Hello' });
    expect(sent()).toEqual({ model: 'gpt-5', input: 'Hello' });
    await expect(client.responses.retrieve('resp_c')).rejects.toMatchObject({ status: 404 });
  });

  it('goes where the conversation is known', async () => {
    await start();
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    await client.responses.create({ model: MODEL, input: 'Hello' });
    upstream.always({ body: COMPACTION });
    const more = { previous_response_id: 'resp_1' };
    await client.responses.compact({ model: 'both', ...more });
    expect(upstream.requests.at(-1)!.path).toBe('/openai/responses/compact');
    expect(sent()).toEqual({ model: 'gpt-5', ...more });
    // Elsewhere it is told in full.
    await client.responses.compact({ model: 'spare/gpt-5', ...more });
    expect(sent()).toMatchObject({
      previous_response_id: null,
      input: [{ role: 'user', content: 'Hello' }, { role: 'assistant' }],
    });
  });

  it('is asked of the vendor that knows a conversation too large to be kept here', async () => {
    await start({ RESPONSES_MAX_BYTES: '1024' });
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    await client.responses.create({ model: MODEL, input: 'x'.repeat(2000) });
    upstream.always({ body: COMPACTION });
    const more = { previous_response_id: 'resp_1' };
    await client.responses.compact({ model: MODEL, ...more });
    expect(sent()).toEqual({ model: 'gpt-5', ...more });
    await expect(client.responses.compact({ model: 'spare/gpt-5', ...more })).rejects.toMatchObject(
      { status: 404, param: 'previous_response_id' },
    );
  });

  it('passes over a target that does not have it', async () => {
    await start();
    upstream.always({ body: COMPACTION });
    await client.responses.compact({ model: 'mixed', input: 'Hello' });
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/openai/responses/compact']);
  });

  it.each(['chat', 'xai', 'classic'])('is refused for %s', async (name) => {
    await start();
    const answer = await post('compact', { model: `${name}/m`, input: 'Hello' });
    expectRefusal(await partsOf(answer), {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      param: 'model',
    });
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('none');
    expect(upstream.requests).toEqual([]);
    expect(await app.rows()).toEqual([]);
  });

  it('tells of a failure in the usual form, and in the ledger', async () => {
    await start();
    upstream.always({ body: { object: 'response.compaction' } });
    const compacting = client.responses.compact({ model: MODEL, input: 'Hello' });
    await expect(compacting).rejects.toMatchObject({
      status: 502,
      code: 'upstream_invalid_response',
    });
    expect(await app.rows()).toMatchObject([{ status: 'error' }]);
  });
});

describe('POST /v1/responses/:id/cancel', () => {
  it('is refused, because no answer is made in the background', async () => {
    await start();
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    await client.responses.create({ model: MODEL, input: 'Hello' });
    const answer = await post('resp_1/cancel', '');
    expectRefusal(await partsOf(answer), {
      status: 400,
      type: 'invalid_request_error',
      code: null,
      message: 'Cannot cancel a synchronous response.',
    });
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('none');
    expect((await client.responses.retrieve('resp_1')).status).toBe('completed');
    expect(upstream.requests).toHaveLength(1);
  });

  it("is a 404 for what is unknown or another client's, in the same words", async () => {
    await start();
    upstream.always(nativeAnswer('resp_1', 'Hi'));
    await client.responses.create({ model: MODEL, input: 'Hello' });
    const created = await app.app.get(ApiKeysService).createForClientName('stranger');
    const key = created.key.reveal();
    const refusal = { status: 404, type: 'invalid_request_error', code: 'not_found' };
    const theirs = await partsOf(await post('resp_1/cancel', '', key));
    const nobodys = await partsOf(await post('resp_2/cancel', '', key));
    const error = expectRefusal(theirs, refusal);
    expect(expectRefusal(nobodys, refusal).message).toBe(error.message.replace('resp_1', 'resp_2'));
    const stranger = new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
    await expect(stranger.responses.cancel('resp_1')).rejects.toBeInstanceOf(APIError);
  });
});
