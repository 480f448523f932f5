import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import type { Target } from '../contract/target.js';
import { Upstream } from '../upstream/upstream.js';
import { completion, OPENAI_VENDOR, TEXT } from './openai-answers.contract.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';

describeProvider('openai-compatible', {
  create: (upstream) => new OpenAiCompatibleProvider(upstream),
  vendor: OPENAI_VENDOR,
});

describe(OpenAiCompatibleProvider, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let sut: OpenAiCompatibleProvider;
  let target: Target;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    sut = new OpenAiCompatibleProvider(upstream);
    target = createTarget(createInstance(`${fault.url}/v1`), { requestId: 'req_1' });
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const ODD = '{ "model":"m", "big": 12345678901234567890, "unknown":{"a":[1.0]} }';
  const request = { body: JsonDocument.fromText<ChatCompletionRequest>(ODD) };

  it('sends the body as it came, with the id of the request', async () => {
    fault.next({ body: TEXT.unary }, TEXT.stream);
    await sut.chat(request, target);
    await lastValueFrom(sut.streamChat(request, target));
    for (const { method, path, body, headers } of fault.requests) {
      expect([method, path, body]).toEqual(['POST', '/v1/chat/completions', ODD]);
      expect(headers['x-request-id']).toBe('req_1');
    }
  });

  it('hands a healthy answer on as it came, apart from blank lines ahead of it', async () => {
    const text = `${JSON.stringify(TEXT.unary).slice(0, -1)}, "extra" : 1.50 }`;
    fault.always({
      body: `\n\n  ${text}\n`,
      headers: { 'content-type': 'application/json', 'x-request-id': 'up_7' },
    });
    const { body, characters, upstreamRequestId } = await sut.chat(request, target);
    expect(body.text).toBe(text);
    expect(characters).toBe('Hello "wörld" 🙂'.length);
    expect(upstreamRequestId).toBe('up_7');
  });

  it.each([
    [undefined, true],
    ['vllm', true],
    ['lmstudio', true],
    ['together', true],
    ['fireworks', true],
    ['groq', false],
    ['mistral', false],
    ['perplexity', false],
    ['moonshot', false],
  ])('has completions with the preset %s: %s', (preset, expected) => {
    const instance = createInstance(fault.url, { settings: preset ? { preset } : {} });
    expect(sut.native.completions.isSpokenBy!(instance, 'm')).toBe(expected);
  });

  it('repairs an answer that needs it', async () => {
    fault.always({ body: { choices: [{ message: { content: 'Hi' } }] } });
    const { body, usage } = await sut.chat(request, target);
    expect(JSON.parse(body.text)).toMatchObject({ id: 'chatcmpl-req_1', model: 'model' });
    expect(usage).toBeUndefined();
  });

  it('has no usage when the vendor gave none', async () => {
    const events = (TEXT.stream.events ?? []).slice(0, -1);
    fault.always({ events, done: true });
    const chunks = await lastValueFrom(sut.streamChat(request, target).pipe(toArray()));
    expect(chunks.every(({ kind }) => kind === 'delta')).toBe(true);
  });

  it('counts the characters of everything that the model said', async () => {
    const message = {
      content: 'abc',
      reasoning_content: 'de',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    fault.always({ body: completion(message, 'tool_calls') });
    expect((await sut.chat(request, target)).characters).toBe(7);
  });

  it.each([
    ['a string', { error: 'Model overloaded' }, 'failed'],
    ['a number in its code', { error: { message: 'Slow down', code: 429 } }, 'rate_limited'],
    ['a choice', { choices: [{ error: { message: 'x', code: 502 } }] }, 'failed'],
    ['no envelope', { object: 'error', message: 'x', code: 400 }, 'rejected'],
  ])('finds an error under a 200 in %s', async (_name, body, kind) => {
    fault.always({ body });
    await expect(sut.chat(request, target)).rejects.toMatchObject({ kind });
  });

  describe('listModels', () => {
    it.each([
      [
        'the usual list',
        { object: 'list', data: [{ id: 'a', created: 5, owned_by: 'x' }, { id: 'b' }] },
      ],
      [
        'a bare list',
        [
          { id: 'a', created: 5, owned_by: 'x' },
          { id: 'b', owned_by: null },
        ],
      ],
      [
        'a list with nonsense in it',
        { data: [{ id: 'a', created: 5, owned_by: 'x' }, null, {}, { id: '' }, { id: 'b' }] },
      ],
    ])('reads %s', async (_name, body) => {
      fault.always({ body });
      expect(await sut.listModels(target)).toEqual([
        { id: 'a', created: 5, ownedBy: 'x' },
        { id: 'b' },
      ]);
      expect(fault.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models', body: '' });
    });

    it.each([
      ['no list', { object: 'list' }],
      ['no JSON', 'models: a, b'],
    ])('refuses %s', async (_name, body) => {
      fault.always({ body });
      await expect(sut.listModels(target)).rejects.toMatchObject({ kind: 'invalid_response' });
    });

    it('passes on why it was refused', async () => {
      fault.always({ status: 401, body: { error: { message: 'no' } } });
      await expect(sut.listModels(target)).rejects.toMatchObject({ kind: 'auth' });
    });
  });
});
