import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { streamEvents, USAGE } from './support/vendor-answers.js';

const PROVIDER_KEY = 'provider-key-0123456789';

let upstream: FaultUpstream;
let proxy: TestApp;
let key: string;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  proxy = await TestApp.start({
    yaml: [
      'providers:',
      `  - { name: openai, type: openai, baseUrl: "${upstream.url}/v1/", apiKey: ${PROVIDER_KEY} }`,
      'prices:',
      '  - { model: openai/gpt-test, input: 1, output: 2 }',
    ].join('\n'),
  });
  const created = await proxy.app.get(ApiKeysService).createForClientName('caller');
  key = created.key.reveal();
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
  });
}

const lastCall = () => upstream.requests.at(-1)!;

/** What a parser and a serialiser would not give back: spaces, big numbers, order, escapes, repetition. */
const ODD_MEMBERS = [
  '"seed":12345678901234567890',
  '"ratio" :  1.0',
  '"tiny":1e-400,\t"huge":1E+400',
  '"2":"two","1":"one"',
  '"same":1,"same":2',
  '"text":"\\u00fc \\/ \\ud83d\\ude42 ü 🙂"',
  '"vendor_field":{"b":[ ],"a":{ },"model":"not this one"}',
  '"toString":"valueOf"',
].join(' ,\n  ');

describe('a request', () => {
  it('reaches the upstream byte for byte, its model name apart', async () => {
    upstream.next({ body: answer('{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}') });
    const body = (model: string) =>
      ` {\n  "messages":[{"role":"user","content":"Hello","extra":  9007199254740993}] ,${ODD_MEMBERS},"model" : "${model}" } \n`;
    const answered = await post(body('openai/gpt-test'));
    expect(answered.status).toBe(200);
    expect(lastCall().body).toBe(body('gpt-test'));
    expect(lastCall()).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
  });

  it('that streams also asks for usage, and keeps what else it asks', async () => {
    const event = streamEvents(['Hi'], USAGE);
    upstream.next({ events: event, done: true }, { events: event, done: true });
    const body = (model: string, options: string) =>
      `{"stream":true, ${options}"model":"${model}","messages":[{"role":"user","content":"Hello"}],${ODD_MEMBERS}}`;

    await (
      await post(body('openai/gpt-test', '"stream_options": {"x": [1],  "include_usage" :false}, '))
    ).text();
    expect(lastCall().body).toBe(
      body('gpt-test', '"stream_options": {"x":[1],"include_usage":true}, '),
    );

    await (await post(body('openai/gpt-test', ''))).text();
    const withoutOptions = body('gpt-test', '');
    expect(lastCall().body).toBe(
      withoutOptions.replace(/\}$/, ',"stream_options":{"include_usage":true}}'),
    );
  });

  it('names one model only, however often and however written', async () => {
    upstream.next({ body: answer('null') });
    await post(
      '{"model":"openai/dear","mod\\u0065l":"dearer","messages":[{"role":"user","content":"Hello"}],"model":"openai/gpt-test"}',
    );
    expect(lastCall().body).toBe(
      '{"model":"gpt-test","mod\\u0065l":"gpt-test","messages":[{"role":"user","content":"Hello"}],"model":"gpt-test"}',
    );
  });

  it('takes only the allowed headers with it, and the instance’s key', async () => {
    upstream.next({ body: answer('null') });
    const body = '{"model":"openai/gpt-test","messages":[{"role":"user","content":"Hello"}]}';
    const allowed = {
      'openai-beta': 'assistants=v2',
      'anthropic-beta': 'a-1,b-2',
      'anthropic-version': '2023-06-01',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'vendor=1',
    };
    await post(body, {
      ...allowed,
      'x-api-key': key,
      'api-key': key,
      cookie: 'session=1',
      'user-agent': 'OpenAI/JS 6',
      'x-stainless-lang': 'js',
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'x-forwarded-for': '10.0.0.1',
      'x-request-id': 'mine',
      'x-llm-proxy-tags': 'a,b',
      'x-llm-proxy-user': 'someone',
      'idempotency-key': 'once',
      'accept-language': 'de',
      'x-anything': 'else',
      te: 'trailers',
    });
    expect(lastCall().headers).toEqual({
      ...allowed,
      host: new URL(upstream.url).host,
      connection: 'keep-alive',
      'user-agent': 'llm-proxy',
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      'content-type': 'application/json',
      'content-length': String(lastCall().body.length),
      authorization: `Bearer ${PROVIDER_KEY}`,
      'x-client-request-id': 'mine',
    });
    expect(JSON.stringify(lastCall())).not.toContain(key);
  });
});

describe('an answer', () => {
  it('reaches the client byte for byte, its cost apart', async () => {
    const usage = '{ "total_tokens":13 ,"completion_tokens": 4,"prompt_tokens":9 , "x":1.0}';
    upstream.next({ body: answer(usage) });
    const answered = await post(
      '{"model":"openai/gpt-test","messages":[{"role":"user","content":"Hello"}]}',
    );
    const withCost = usage.replace(/\}$/, ',"cost":0.000017}');
    expect(await answered.text()).toBe(answer(withCost));
    expect(answered.headers.get('content-type')).toBe('application/json');
    expect(answered.headers.get('x-llm-proxy-cost')).toBe('0.000017');
  });

  it('keeps a cost that the upstream states itself', async () => {
    const usage = '{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"cost":0.5}';
    upstream.next({ body: answer(usage) });
    const answered = await post(
      '{"model":"openai/gpt-test","messages":[{"role":"user","content":"Hello"}]}',
    );
    expect(await answered.text()).toBe(answer(usage));
  });

  it('says that it has no price rather than that it is free', async () => {
    const usage = '{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}';
    upstream.next({ body: answer(usage) });
    const answered = await post(
      '{"model":"openai/unpriced","messages":[{"role":"user","content":"Hello"}]}',
    );
    expect(await answered.text()).toBe(answer(usage.replace(/\}$/, ',"cost":null}')));
    expect(answered.headers.has('x-llm-proxy-cost')).toBe(false);
    expect((await proxy.rows()).at(-1)!.cost_nano_usd).toBeNull();
  });

  it('streams byte for byte, its cost apart', async () => {
    const chunk = (delta: string, finish: string, more = '') =>
      `{ "id":"chatcmpl-1","object":"chat.completion.chunk","created":1, "model":"gpt-test","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}],${ODD_MEMBERS.replaceAll('\n', '')}${more}}`;
    const usage = '{"prompt_tokens":9,  "completion_tokens":4,"total_tokens":13}';
    const last = (counts: string) =>
      `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-test","choices":[],"usage":${counts},"obfuscation":"x"}`;
    const chunks = [
      chunk('{"role":"assistant","content":""}', 'null'),
      chunk('{"content":"H\\u00fc","extra":12345678901234567890}', 'null'),
      chunk('{"content":"llo"}', 'null', ',"usage":null'),
      chunk('{}', '"stop"'),
    ];
    upstream.next({ events: [...chunks, last(usage)], done: true, cut: 5 });
    const answered = await post(
      '{"model":"openai/gpt-test","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}',
    );
    const expected = [...chunks, last(usage.replace(/\}$/, ',"cost":0.000017}')), '[DONE]'];
    expect(await answered.text()).toBe(expected.map((data) => `data: ${data}\n\n`).join(''));
    expect(Object.fromEntries(answered.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'x-llm-proxy-provider': 'openai',
      'x-llm-proxy-model': 'gpt-test',
      'x-llm-proxy-attempts': '1',
    });
  });
});

/** A whole answer as no serialiser would write it, with this `usage`. */
function answer(usage: string): string {
  return `{"choices":[ {"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"finish_reason":"stop"}],${ODD_MEMBERS},"id":"chatcmpl-1","created":1 ,"usage":${usage},"object":"chat.completion","model":"gpt-test-2025"}`;
}
