import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { sentRequest } from '../../../test/support/sent-request.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import type { Target } from '../contract/target.js';
import {
  chunk,
  completion,
  OPENAI_VENDOR,
  ROLE_CHUNK,
} from '../openai-compatible/openai-answers.contract.js';
import { Upstream } from '../upstream/upstream.js';
import { OpenRouterProvider } from './openrouter.provider.js';

const create = (upstream: Upstream) => new OpenRouterProvider(upstream);

describeProvider('openrouter', {
  create,
  vendor: {
    ...OPENAI_VENDOR,
    error: (status, message) => ({ error: { code: status, message, metadata: {} }, user_id: 'u' }),
    streamError: {
      ...chunk({ content: '' }, 'error'),
      error: { code: 502, message: 'The provider went away' },
    },
  },
});

describe(OpenRouterProvider, () => {
  it('asks what the call cost, every other byte as it came', async () => {
    const text =
      '{"messages":[{"role":"user","content":"Hi"}], "top_a": 0.50, "models":["a","b"] }';
    const sent = await sentRequest(create, text);
    expect(sent.text).toBe(`${text.slice(0, -1)},"usage":{"include":true}}`);
    expect(sent.report).toBe('');
  });

  it('leaves to the client what it says itself', async () => {
    const request = {
      usage: { include: false },
      reasoning: { max_tokens: 99 },
      reasoning_effort: 'low',
    };
    const { body } = await sentRequest(create, request);
    expect(body).toMatchObject({ usage: { include: false }, reasoning: { max_tokens: 99 } });
    expect(body).not.toHaveProperty('reasoning_effort');
  });

  it('gives the effort its own place', async () => {
    const { body, report } = await sentRequest(create, { reasoning_effort: 'minimal' });
    expect(body['reasoning']).toEqual({ effort: 'minimal' });
    expect(report).toBe('reasoning_effort=mapped');
  });

  it('returns reasoning unmodified and in order, without what its maker would refuse', async () => {
    const signed = { type: 'reasoning.text', format: 'anthropic-claude-v1', text: 'a', index: 0 };
    const kept = [
      { ...signed, signature: 's' },
      { type: 'reasoning.encrypted', format: 'openai-responses-v1', data: 'x', index: 1 },
      { type: 'reasoning.text', format: 'unknown', text: 'b', index: 2 },
    ];
    const message = { role: 'assistant', content: 'c' };
    const whole = await sentRequest(create, {
      messages: [{ ...message, reasoning_details: kept }],
    });
    expect(whole.body['messages']).toEqual([{ ...message, reasoning_details: kept }]);
    const some = await sentRequest(create, {
      messages: [{ ...message, reasoning_details: [signed, ...kept] }],
    });
    expect(some.body['messages']).toEqual([{ ...message, reasoning_details: kept }]);
    expect(some.report).toBe('messages.reasoning=dropped');
  });

  it('names the application where the settings do', async () => {
    const settings = { siteUrl: 'https://app.example', siteName: 'App' };
    const { headers } = await sentRequest(create, {}, { settings });
    expect(headers).toMatchObject({ 'http-referer': 'https://app.example', 'x-title': 'App' });
  });

  describe('what it answers', () => {
    let fault: FaultUpstream;
    let upstream: Upstream;
    let sut: OpenRouterProvider;
    let target: Target;
    const request = {
      body: JsonDocument.fromValue<ChatCompletionRequest>({ model: 'm', messages: [] }),
    };

    beforeEach(async () => {
      fault = await FaultUpstream.start();
      upstream = new Upstream();
      sut = create(upstream);
      target = createTarget(createInstance(fault.url));
    });
    afterEach(async () => {
      await upstream.onApplicationShutdown();
      await fault.close();
    });

    it.each([
      [{ cost: 0.00014 }, 140_000],
      [
        { cost: 0.00001, is_byok: true, cost_details: { upstream_inference_cost: 0.002 } },
        2_010_000,
      ],
    ])('bills %j', async (cost, nanoUsd) => {
      const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, ...cost };
      fault.always({ body: { ...completion({ content: 'Hi' }, 'stop'), usage } });
      const answer = await sut.chat(request, target);
      expect(answer.usage).toMatchObject({ providerCostNanoUsd: nanoUsd, raw: usage });
    });

    it.each([
      ['a choice', { choices: [{ error: { code: 429, message: 'slow' } }] }, 'rate_limited'],
      ['the body', { error: { code: 502, message: 'x', metadata: {} } }, 'failed'],
      ['a finish reason', completion({ content: 'H' }, 'error'), 'failed'],
    ])('finds an error under a 200 in %s', async (_name, body, kind) => {
      fault.always({ body });
      await expect(sut.chat(request, target)).rejects.toMatchObject({ kind });
    });

    it('streams reasoning with its pieces, past comments', async () => {
      const details = [{ type: 'reasoning.text', text: 'Hm', format: 'unknown', index: 0 }];
      fault.always({
        events: [
          ROLE_CHUNK,
          chunk({ content: '', reasoning: 'Hm', reasoning_details: details }),
          chunk({ content: 'Hi' }),
          chunk({}, 'stop'),
        ],
        done: true,
        cut: 'with-comments',
      });
      const chunks = await lastValueFrom(sut.streamChat(request, target).pipe(toArray()));
      const deltas = chunks.map((each) =>
        each.kind === 'delta' ? each.body.value.choices[0]?.delta : undefined,
      );
      expect(deltas[1]).toMatchObject({ reasoning_content: 'Hm', reasoning_details: details });
    });

    it('lists what each model can do', async () => {
      fault.always({
        body: {
          data: [
            {
              id: 'maker/one',
              name: 'One',
              created: 5,
              context_length: 1000,
              architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
              top_provider: { max_completion_tokens: 100 },
              supported_parameters: ['tools', 'reasoning', 'structured_outputs'],
            },
            { id: 'two', context_length: null, supported_parameters: [] },
            { name: 'nameless' },
          ],
        },
      });
      expect(await sut.listModels(target)).toEqual([
        {
          id: 'maker/one',
          created: 5,
          ownedBy: 'maker',
          displayName: 'One',
          contextTokens: 1000,
          maxOutputTokens: 100,
          inputs: ['text', 'image'],
          outputs: ['text'],
          tools: true,
          reasoning: true,
          structuredOutput: true,
        },
        { id: 'two', tools: false, reasoning: false, structuredOutput: false },
      ]);
    });

    it.each(['models', '{"data":{}}'])('refuses the list %s', async (body) => {
      fault.always({ body });
      await expect(sut.listModels(target)).rejects.toMatchObject({ kind: 'invalid_response' });
    });
  });
});
