import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import type { Target } from '../contract/target.js';
import { Upstream } from '../upstream/upstream.js';
import { ANTHROPIC_VENDOR } from './anthropic-answers.contract.js';
import { AnthropicProvider } from './anthropic.provider.js';

describeProvider('anthropic', {
  create: (upstream) => new AnthropicProvider(upstream),
  vendor: ANTHROPIC_VENDOR,
});

describe(AnthropicProvider, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let sut: AnthropicProvider;
  let target: Target;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    sut = new AnthropicProvider(upstream);
    const { authentication } = sut.defaults;
    target = createTarget(createInstance(fault.url, { authentication }), {
      model: 'claude-opus-5',
    });
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const request = (content: unknown = 'Hi') => ({
    body: JsonDocument.fromValue({
      model: 'anything',
      messages: [{ role: 'user', content }],
    } as ChatCompletionRequest),
  });

  it('calls the Messages API, for a stream or for one answer', async () => {
    fault.next({ body: ANTHROPIC_VENDOR.text.unary }, ANTHROPIC_VENDOR.text.stream);
    await sut.chat(request(), target);
    await lastValueFrom(sut.streamChat(request(), target));
    const bodies = fault.requests.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ stream }) => stream)).toEqual([undefined, true]);
    expect(bodies[0]).toMatchObject({ model: 'claude-opus-5', max_tokens: 128_000 });
    for (const { method, path, headers } of fault.requests) {
      expect([method, path]).toEqual(['POST', '/v1/messages']);
      expect(headers['x-api-key']).toBe('sk-first-key-of-the-tests');
      expect(headers['anthropic-version']).toBe('2023-06-01');
      expect(headers['anthropic-beta']).toBeUndefined();
    }
  });

  it('lets the client choose the version and the betas, and adds what it needs', async () => {
    fault.always({ body: ANTHROPIC_VENDOR.text.unary });
    const headers = { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a,b' };
    await sut.chat(request(), { ...target, headers });
    const file = [{ type: 'file', file: { file_id: 'file_1' } }];
    await sut.chat(request(file), { ...target, headers });
    expect(fault.requests.map((call) => call.headers['anthropic-beta'])).toEqual([
      'a,b',
      'a,b,files-api-2025-04-14',
    ]);
    expect(fault.requests[0]?.headers['anthropic-version']).toBe('2024-01-01');
  });

  it('says when an overloaded vendor wants to be asked again', async () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    fault.always({ status: 529, headers: { 'retry-after': '3' }, body: { type: 'error', error } });
    await expect(sut.chat(request(), target)).rejects.toMatchObject({
      kind: 'failed',
      status: 529,
      retryAfterMs: 3000,
      vendorType: 'overloaded_error',
    });
  });

  it('waits for the limit that is used up', async () => {
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    fault.always({
      status: 429,
      headers: {
        'anthropic-ratelimit-requests-remaining': '9',
        'anthropic-ratelimit-requests-reset': inSeconds(1),
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': inSeconds(40),
      },
      body: { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } },
    });
    const failure = await sut.chat(request(), target).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'rate_limited', retryAfterMs: expect.any(Number) });
    const { retryAfterMs } = failure as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(30_000);
    expect(retryAfterMs).toBeLessThanOrEqual(40_000);
  });

  describe('listModels', () => {
    const model = (id: string, rest: object = {}) => ({ type: 'model', id, ...rest });

    it('reads all pages, and knows of a model what the vendor leaves out', async () => {
      fault.next(
        {
          body: {
            data: [
              model('claude-opus-5', {
                display_name: 'Claude Opus 5',
                created_at: '2026-06-01T00:00:00Z',
                max_input_tokens: 1_000_000,
                max_tokens: 64_000,
                capabilities: { thinking: { supported: false }, pdf_input: { supported: false } },
              }),
            ],
            has_more: true,
            last_id: 'claude-opus-5',
          },
        },
        {
          body: {
            data: [model('claude-haiku-4-5', { created_at: '1970-01-01T00:00:00Z' }), {}, null],
            has_more: false,
            last_id: 'claude-haiku-4-5',
          },
        },
      );
      const common = { ownedBy: 'anthropic', outputs: ['text'], tools: true };
      expect(await sut.listModels(target)).toEqual([
        {
          ...common,
          id: 'claude-opus-5',
          created: 1_780_272_000,
          displayName: 'Claude Opus 5',
          contextTokens: 1_000_000,
          maxOutputTokens: 64_000,
          inputs: ['text', 'image'],
          reasoning: false,
          structuredOutput: true,
        },
        {
          ...common,
          id: 'claude-haiku-4-5',
          contextTokens: 200_000,
          maxOutputTokens: 64_000,
          inputs: ['text', 'image', 'file'],
          reasoning: true,
          structuredOutput: true,
        },
      ]);
      expect(fault.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'GET /v1/models?limit=1000',
        'GET /v1/models?limit=1000&after_id=claude-opus-5',
      ]);
      expect(fault.requests[0]?.headers['anthropic-version']).toBe('2023-06-01');
    });

    it('does not go round in circles', async () => {
      fault.always({ body: { data: [model('a')], has_more: true, last_id: 'a' } });
      await sut.listModels(target);
      expect(fault.requests).toHaveLength(2);
    });

    it.each([{ object: 'list' }, 'models: a, b'])('refuses %j', async (body) => {
      fault.always({ body });
      await expect(sut.listModels(target)).rejects.toMatchObject({ kind: 'invalid_response' });
    });
  });
});
