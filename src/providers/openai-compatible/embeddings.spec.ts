import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { EmbeddingsRequestBody } from '../embeddings/embeddings-api.js';
import { Upstream } from '../upstream/upstream.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';

const USAGE = { prompt_tokens: 8, total_tokens: 8 };
const ENCODED = 'AACAPwAAAEA=';

const vector = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });
const answer = (...data: object[]) => ({ object: 'list', data, model: 'e-1', usage: USAGE });

describe('embeddings of an OpenAI-compatible vendor', () => {
  let fault: FaultUpstream;
  let upstream: Upstream;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  function embed(request: Partial<EmbeddingsRequestBody> | string) {
    const target = createTarget(createInstance(`${fault.url}/v1`), { model: 'e' });
    const body =
      typeof request === 'string'
        ? JsonDocument.fromText<EmbeddingsRequestBody>(request)
        : JsonDocument.fromValue<EmbeddingsRequestBody>({ model: 'e', input: 'a', ...request });
    return new OpenAiCompatibleProvider(upstream).embed({ body }, target);
  }

  it('passes request and answer on as they came', async () => {
    const request = '{"model":"e", "input":["a","b"], "dimensions":2, "x":1.0}';
    const text = `${JSON.stringify(answer(vector(0, [1.0, 2]), vector(1, [3, 4]))).slice(0, -1)}, "y":1.50}`;
    fault.always({
      body: text,
      headers: { 'content-type': 'application/json', 'x-request-id': 'up_1' },
    });
    const { body, usage, upstreamRequestId } = await embed(request);
    expect(fault.requests[0]).toMatchObject({ path: '/v1/embeddings', body: request });
    expect([body.text, upstreamRequestId]).toEqual([text, 'up_1']);
    expect(usage).toMatchObject({ inputUncached: 8, outputText: 0, raw: USAGE });
  });

  it.each([
    ['base64', [1, 2], ENCODED],
    ['base64', ENCODED, ENCODED],
    ['float', [1, 2], [1, 2]],
    [null, [1, 2], [1, 2]],
  ] as const)('asked for %s and given %j, answers %j', async (format, given, expected) => {
    fault.always({ body: answer(vector(0, given)) });
    const { body } = await embed({ encoding_format: format });
    expect(JSON.parse(body.text)).toEqual(answer(vector(0, expected)));
  });

  it('puts vectors into the order of their inputs', async () => {
    fault.always({ body: answer(vector(1, [2]), vector(0, [1])) });
    const { body } = await embed({ input: ['a', 'b'] });
    expect(body.value.data).toEqual([vector(0, [1]), vector(1, [2])]);
  });

  it('fills in what less careful vendors leave out', async () => {
    fault.always({ body: { data: [{ embedding: [1] }] } });
    const { body, usage } = await embed({ input: [1, 2, 3] });
    expect(body.value).toEqual({ object: 'list', model: 'e', data: [vector(0, [1])] });
    expect(usage).toBeUndefined();
  });

  it.each([
    ['too few vectors', answer(vector(0, [1])), 'invalid_response'],
    ['none', answer(), 'invalid_response'],
    ['no JSON', 'vectors', 'invalid_response'],
    ['an error', { error: { message: 'x', code: 429 } }, 'rate_limited'],
  ])('refuses %s', async (_name, body, kind) => {
    fault.always({ body });
    await expect(embed({ input: ['a', 'b'] })).rejects.toMatchObject({ kind });
  });
});
