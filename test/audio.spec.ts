import { readdir } from 'node:fs/promises';
import OpenAI, { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { fieldOf } from './support/form-parts.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

const SOUND = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
const SECONDS = { type: 'duration', seconds: 37 };
const TOKENS = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { text_tokens: 4, audio_tokens: 10 },
  output_tokens: 45,
  total_tokens: 59,
};

let app: TestApp;
let first: FaultUpstream;
let second: FaultUpstream;
let client: OpenAI;

beforeEach(async () => {
  [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  const type = 'openai-compatible';
  const retries = { maxAttempts: 3, baseMs: 0 };
  app = await TestApp.start({
    env: { MAX_BODY_BYTES: '2000000' },
    yaml: JSON.stringify({
      providers: [
        { name: 'first', type, baseUrl: first.url, retries: { maxAttempts: 1 } },
        { name: 'second', type, baseUrl: second.url, retries },
        { name: 'closed', type, baseUrl: 'http://127.0.0.1:1', retries },
        {
          name: 'azure',
          type: 'azure',
          baseUrl: second.url,
          apiKey: 'azure-0123456789',
          settings: { urlStyle: 'deployments', apiVersion: '2024-10-21' },
        },
      ],
      models: [
        { name: 'listen', targets: [{ model: 'first/a' }], fallbacks: ['second/b'] },
        { name: 'unreached', targets: [{ model: 'closed/a' }], fallbacks: ['second/b'] },
      ],
      prices: [
        { model: 'second/b', input: 1, inputAudio: 6, output: 10 },
        { model: 'second/each', perRequest: 0.006 },
      ],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
});
afterEach(async () => {
  await app.close();
  await Promise.all([first.close(), second.close()]);
});

const sound = (bytes: Buffer = SOUND) => toFile(bytes, 'a.mp3', { type: 'audio/mpeg' });

function post(path: string, form: FormData, headers: Record<string, string> = {}) {
  return fetch(`${app.url}/v1/audio/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.adminKey}`, ...headers },
    body: form,
  });
}

function formWith(fields: Record<string, string>, order: 'file first' | 'file last'): FormData {
  const form = new FormData();
  const file = new Blob(['sound'.repeat(60_000)], { type: 'audio/mpeg' });
  if (order === 'file first') form.append('file', file, 'a.mp3');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (order === 'file last') form.append('file', file, 'a.mp3');
  return form;
}

describe('POST /v1/audio/transcriptions', () => {
  it('gives the SDK what was said, and the ledger what it used', async () => {
    second.always({ body: { text: 'Hello', usage: TOKENS } });
    const { data, response } = await client.audio.transcriptions
      .create({ file: await sound(), model: 'second/b', language: 'en' })
      .withResponse();
    expect(data).toEqual({ text: 'Hello', usage: { ...TOKENS, cost: 0.000514 } });
    expect(response.headers.get('x-llm-proxy-cost')).toBe('0.000514');
    const [request] = second.requests;
    expect(fieldOf(request!, 'model')).toBe('b');
    expect(fieldOf(request!, 'language')).toBe('en');
    expect(request!.path).toBe('/audio/transcriptions');
    expect(await app.rows()).toMatchObject([
      {
        request_id: response.headers.get('x-request-id'),
        dialect: 'transcriptions',
        status: 'ok',
        input_tokens: 14,
        output_tokens: 45,
        cost_nano_usd: 514_000,
        estimated: false,
      },
    ]);
  });

  it.each(['file first', 'file last'] as const)('changes the model alone: %s', async (order) => {
    second.always({ body: { text: 'Hello' } });
    const form = formWith({ model: 'second/b', prompt: 'model: second/b', user: 'me' }, order);
    const sent = new Response(form);
    const contentType = sent.headers.get('content-type')!;
    const body = await sent.text();
    const answer = await fetch(`${app.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': contentType },
      body,
    });
    expect(answer.status).toBe(200);
    const [request] = second.requests;
    expect(request!.body).toBe(body.replace('\r\n\r\nsecond/b\r\n', '\r\n\r\nb\r\n'));
    expect(request!.headers['content-length']).toBe(String(request!.body.length));
    expect((await app.rows())[0]).toMatchObject({ user: 'me' });
  });

  it.each([
    ['by the request', 'second/each', { text: 'Hello', usage: SECONDS }, 6_000_000],
    ['by the token', 'second/b', { text: 'Hello', usage: SECONDS }, null],
    ['by the token, untold', 'second/b', { text: 'Hello' }, null],
  ])('invents no tokens for seconds; charged %s', async (_, model, body, cost) => {
    second.always({ body });
    await client.audio.transcriptions.create({ file: await sound(), model });
    expect(await app.rows()).toMatchObject([
      { status: 'ok', input_tokens: 0, output_tokens: 0, cost_nano_usd: cost, estimated: false },
    ]);
  });

  it('gives texts as texts', async () => {
    const vtt = 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n';
    second.always({ body: vtt, headers: { 'content-type': 'text/vtt; charset=utf-8' } });
    const { data, response } = await client.audio.transcriptions
      .create({ file: await sound(), model: 'second/b', response_format: 'vtt' })
      .withResponse();
    expect(data).toBe(vtt);
    expect(response.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
  });

  it('streams', async () => {
    second.always({
      cut: 'per-event',
      events: [
        { type: 'transcript.text.delta', delta: 'Hel' },
        { type: 'transcript.text.delta', delta: 'lo' },
        { type: 'transcript.text.done', text: 'Hello', usage: TOKENS },
      ],
    });
    const stream = await client.audio.transcriptions.create({
      file: await sound(),
      model: 'second/b',
      stream: true,
    });
    const types = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual([
      'transcript.text.delta',
      'transcript.text.delta',
      'transcript.text.done',
    ]);
    expect(await app.rows()).toMatchObject([
      { status: 'ok', stream: true, input_tokens: 14, cost_nano_usd: 514_000 },
    ]);
  });

  it('takes a document from a model that does not stream', async () => {
    second.always({ body: { text: 'Hello', usage: TOKENS } });
    const form = formWith({ model: 'second/b', stream: 'true' }, 'file last');
    expect(await (await post('transcriptions', form)).json()).toMatchObject({ text: 'Hello' });
  });

  it('is sent again, from where it waits, when the vendor turned away', async () => {
    first.always({ status: 429, body: { error: { message: 'Slow down' } } });
    second.always({ body: { text: 'Hello' } });
    const answer = await post('transcriptions', formWith({ model: 'listen' }, 'file first'));
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('second');
    expect(answer.status).toBe(200);
    const bodies = [...first.requests, ...second.requests].map(({ body }) => body);
    expect(bodies[0]!.replace('\r\n\r\na\r\n', '\r\n\r\nb\r\n')).toBe(bodies[1]);
  });

  it('goes elsewhere while nothing of it was read', async () => {
    second.always({ body: { text: 'Hello' } });
    const answer = await post('transcriptions', formWith({ model: 'unreached' }, 'file last'));
    expect(answer.status).toBe(200);
    expect(fieldOf(second.requests[0]!, 'model')).toBe('b');
  });

  it('is not sent again when it has been passed on', async () => {
    first.always({ status: 429, body: { error: { message: 'Slow down' } } });
    const answer = await post('transcriptions', formWith({ model: 'listen' }, 'file last'));
    expectRefusal(await partsOf(answer), {
      status: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    });
    expect(second.requests).toHaveLength(0);
  });

  it('is not sent again when the vendor may have listened', async () => {
    first.always({ status: 500, body: { error: { message: 'Oops' } } });
    const answer = await post('transcriptions', formWith({ model: 'listen' }, 'file first'));
    expect(answer.status).toBe(502);
    expect(second.requests).toHaveLength(0);
    expect(await app.rows()).toMatchObject([{ status: 'error', attempts: 1, cost_nano_usd: null }]);
  });

  it('goes to where a deployment is', async () => {
    second.always({ body: { text: 'Hello' } });
    await client.audio.transcriptions.create({ file: await sound(), model: 'azure/whisper' });
    expect(second.requests[0]!.path).toBe(
      '/openai/deployments/whisper/audio/transcriptions?api-version=2024-10-21',
    );
  });

  const twice = formWith({ model: 'second/b' }, 'file last');
  twice.append('model', 'second/other');
  const alsoFirst = formWith({ model: 'second/b' }, 'file first');
  alsoFirst.append('model', 'second/other');
  const asFile = formWith({}, 'file first');
  asFile.append('model', new Blob(['second/b']), 'model');

  it.each<[string, FormData, string | null]>([
    ['no model', formWith({ prompt: 'x' }, 'file first'), 'model'],
    ['an empty model', formWith({ model: '' }, 'file first'), 'model'],
    ['two models', twice, null],
    ['two models after the file', alsoFirst, null],
    ['a file as model', asFile, null],
  ])('is refused with %s', async (_, form, param) => {
    second.always({ body: { text: 'Hello' } });
    expectRefusal(await partsOf(await post('transcriptions', form)), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
    expect(second.requests).toEqual([]);
  });

  it.each([
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=a; boundary=b',
  ])('is refused as %s', async (contentType) => {
    const answer = await fetch(`${app.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminKey}`, 'content-type': contentType },
      body: '{}',
    });
    expectRefusal(await partsOf(answer), {
      status: 415,
      type: 'invalid_request_error',
      code: 'unsupported_media_type',
    });
  });

  it('is refused without a key, and with an idempotency key', async () => {
    const form = formWith({ model: 'second/b' }, 'file last');
    const anonymous = await fetch(`${app.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: form,
    });
    expect(anonymous.status).toBe(401);
    expectRefusal(await partsOf(await post('transcriptions', form, { 'idempotency-key': 'x' })), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param: 'idempotency-key',
    });
  });

  it('leaves no file behind', async () => {
    second.always({ body: { text: 'Hello' } });
    await client.audio.transcriptions.create({ file: await sound(), model: 'second/b' });
    expect((await readdir(app.dataDir)).filter((name) => name.startsWith('upload'))).toEqual([]);
  });
});

describe('POST /v1/audio/translations', () => {
  it('gives the SDK what was meant', async () => {
    second.always({ body: { text: 'Hello' } });
    const { text } = await client.audio.translations.create({
      file: await sound(),
      model: 'second/b',
    });
    expect(text).toBe('Hello');
    expect(second.requests[0]!.path).toBe('/audio/translations');
    expect(await app.rows()).toMatchObject([{ dialect: 'translations', status: 'ok' }]);
  });
});

describe('POST /v1/audio/speech', () => {
  const speech = { model: 'second/b', voice: 'alloy', input: 'Hello' } as const;
  const headers = { 'content-type': 'audio/mpeg' };

  it('gives the SDK the sound, byte for byte', async () => {
    second.always({ body: SOUND, headers, cut: 10_000 });
    const answer = await client.audio.speech.create(speech);
    expect(Buffer.from(await answer.arrayBuffer()).equals(SOUND)).toBe(true);
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('second');
    expect(second.requests[0]!.path).toBe('/audio/speech');
    expect(await app.rows()).toMatchObject([
      { dialect: 'speech', status: 'ok', input_tokens: 0, output_tokens: 0, cost_nano_usd: null },
    ]);
  });

  it('passes on the first bytes before the last ones are there', async () => {
    const gate = Promise.withResolvers<void>();
    second.always({ body: SOUND, headers, cut: 100_000, gate: gate.promise });
    const answer = await client.audio.speech.create(speech);
    const reader = answer.body!.getReader();
    expect((await reader.read()).value!.length).toBeGreaterThan(0);
    expect(await app.rows()).toEqual([]);
    gate.resolve();
    while (!(await reader.read()).done);
    expect(await app.rows()).toHaveLength(1);
  });

  it('streams events where they are asked for', async () => {
    second.always({
      events: [
        { type: 'speech.audio.delta', audio: 'AAAA' },
        { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101 } },
      ],
    });
    const answer = await client.audio.speech.create({ ...speech, stream_format: 'sse' });
    expect(await answer.text()).toBe(
      'data: {"type":"speech.audio.delta","audio":"AAAA"}\n\n' +
        'data: {"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"cost":0.001024}}\n\n',
    );
    expect(await app.rows()).toMatchObject([
      { stream: true, input_tokens: 14, output_tokens: 101 },
    ]);
  });

  it.each(['reset', 'truncate'] as const)(
    'does not look whole when it is not: %s',
    async (ending) => {
      second.always({ body: SOUND, headers, cut: 10_000, afterBytes: 100_000, ending });
      const answer = await client.audio.speech.create(speech);
      await expect(answer.arrayBuffer()).rejects.toThrow();
      const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
      expect(row).toMatchObject({ status: 'error', attempts: 1 });
    },
  );

  it('is broken off when the client leaves in the middle', async () => {
    second.always({ body: SOUND, headers, cut: 10_000, afterBytes: 100_000, ending: 'stall' });
    const leave = new AbortController();
    const answer = await client.audio.speech.create(speech, { signal: leave.signal });
    const reader = answer.body!.getReader();
    await reader.read();
    leave.abort();
    await second.waitForAbort(0);
    const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
    expect(row).toMatchObject({ status: 'client_aborted', attempts: 1, cost_nano_usd: null });
  });

  it('is made once under an idempotency key, and not kept', async () => {
    second.always({ body: SOUND, headers });
    const once = { headers: { 'idempotency-key': 'once' } };
    await (await client.audio.speech.create(speech, once)).arrayBuffer();
    const again = client.audio.speech.create(speech, once);
    await expect(again).rejects.toMatchObject({ status: 409 });
    expect(second.requests).toHaveLength(1);
  });

  it('passes on a refusal, and refuses what is no sound at all', async () => {
    second.next({ status: 400, body: { error: { message: 'No such voice', param: 'voice' } } });
    await expect(client.audio.speech.create(speech)).rejects.toMatchObject({
      status: 400,
      param: 'voice',
    });
    second.next({ body: '', headers });
    await expect(client.audio.speech.create(speech)).rejects.toMatchObject({ status: 502 });
    await expect(client.audio.speech.create({ ...speech, input: '' })).rejects.toMatchObject({
      status: 400,
      param: 'input',
    });
  });
});
