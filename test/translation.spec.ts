import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OLLAMA_VENDOR } from '../src/providers/ollama/ollama-answers.contract.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';

const HEADER = 'x-llm-proxy-translation';
const MESSAGES = [{ role: 'user', content: 'Hello' }];
/** One field that the vendor has under another name, one that it lacks, one that nobody knows. */
const FIELDS = { max_completion_tokens: 50, metadata: { team: 'a' }, made_up: true };
const REPORT = 'max_completion_tokens=mapped,metadata=dropped,made_up=dropped';

let upstream: FaultUpstream;
let app: TestApp;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'own', type: 'ollama', baseUrl: upstream.url, retries: { maxAttempts: 1 } },
        { name: 'same', type: 'openai-compatible', baseUrl: upstream.url },
      ],
      models: [{ name: 'either', targets: [{ model: 'own/m' }], fallbacks: ['same/m'] }],
    }),
  });
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

const entriesOf = (report: string | null) => report?.split(',').toSorted();

describe('the translation report', () => {
  it.each([
    ['a whole answer', false],
    ['a stream', true],
  ])('is with %s, and in its row', async (_what, stream) => {
    upstream.always(stream ? OLLAMA_VENDOR.text.stream : { body: OLLAMA_VENDOR.text.unary });
    const answer = await app.chat({ model: 'own/m', messages: MESSAGES, stream, ...FIELDS });
    await answer.text();
    expect(answer.status).toBe(200);
    expect(entriesOf(answer.headers.get(HEADER))).toEqual(entriesOf(REPORT));
    const row = (await app.rows()).at(-1)!;
    expect(row.status).toBe('ok');
    expect(entriesOf(row.translation)).toEqual(entriesOf(REPORT));
  });

  it('is empty when everything arrives as it is', async () => {
    upstream.always({ body: OLLAMA_VENDOR.text.unary });
    const answer = await app.chat({ model: 'own/m', messages: MESSAGES, seed: 1 });
    expect(answer.headers.get(HEADER)).toBe('');
    expect((await app.rows()).at(-1)!.translation).toBeNull();
  });

  it('is that of the target that answered', async () => {
    upstream
      .next({ status: 500, body: { error: 'Oops' } })
      .always({ body: completion('Hello', USAGE) });
    const answer = await app.chat({ model: 'either', messages: MESSAGES, ...FIELDS });
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('same');
    expect(answer.headers.get(HEADER)).toBe('');
    expect((await app.rows()).at(-1)).toMatchObject({ provider: 'same', translation: null });
  });

  it('is with an error as well', async () => {
    upstream.always({ status: 500, body: { error: 'Oops' } });
    const answer = await app.chat({ model: 'own/m', messages: MESSAGES, ...FIELDS });
    expect(answer.status).toBe(502);
    expect(entriesOf(answer.headers.get(HEADER))).toEqual(entriesOf(REPORT));
    expect(entriesOf((await app.rows()).at(-1)!.translation)).toEqual(entriesOf(REPORT));
  });
});

describe('a strict translation', () => {
  const strict = { [HEADER]: 'strict' };

  it.each([
    ['metadata', { metadata: { team: 'a' } }],
    ['made_up', { made_up: true }],
    ['messages[0].name', { messages: [{ ...MESSAGES[0], name: 'Ada' }] }],
    ['tool_choice', { tools: [toolOf('f')], tool_choice: 'required' }],
  ])('refuses what would be lost: %s', async (param, fields) => {
    for (const stream of [false, true]) {
      const body = { model: 'own/m', messages: MESSAGES, stream, ...fields };
      expectRefusal(await partsOf(await app.chat(body, strict)), {
        status: 400,
        type: 'invalid_request_error',
        code: 'unsupported_parameter',
        param,
      });
    }
    expect(upstream.requests).toEqual([]);
    expect(await app.rows()).toMatchObject([
      { status: 'error', error_code: 'upstream_rejected', http_status: 400, cost_nano_usd: null },
      { status: 'error' },
    ]);
  });

  it('lets through what is the same under another name', async () => {
    upstream.always({ body: OLLAMA_VENDOR.text.unary });
    const body = { model: 'own/m', messages: MESSAGES, max_completion_tokens: 50 };
    const answer = await app.chat(body, strict);
    expect(answer.status).toBe(200);
    expect(answer.headers.get(HEADER)).toBe('max_completion_tokens=mapped');
  });

  it('is nothing to a vendor that gets the body as it came', async () => {
    upstream.always({ body: completion('Hello', USAGE) });
    const answer = await app.chat({ model: 'same/m', messages: MESSAGES, ...FIELDS }, strict);
    expect(answer.status).toBe(200);
    expect(answer.headers.get(HEADER)).toBe('');
  });

  it.each(['loose', 'STRICT', ''])('is the only mode to ask for, and %j is none', async (mode) => {
    const answer = await app.chat({ model: 'own/m', messages: MESSAGES }, { [HEADER]: mode });
    expectRefusal(await partsOf(answer), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param: HEADER,
    });
    expect(upstream.requests).toEqual([]);
  });
});

function toolOf(name: string) {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } };
}
