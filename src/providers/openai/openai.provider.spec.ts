import { describe, expect, it } from 'vitest';
import { sentRequest } from '../../../test/support/sent-request.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { PIXEL } from '../chat/chat-field-samples.contract.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import type { Upstream } from '../upstream/upstream.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import { OpenAiProvider } from './openai.provider.js';

const create = (upstream: Upstream) => new OpenAiProvider(upstream);

describeProvider('openai', { create, vendor: OPENAI_VENDOR });

const send = (request: Partial<ChatCompletionRequest> | string, model = 'gpt-4o') =>
  sentRequest(create, request, { model });

describe(OpenAiProvider, () => {
  it.each(['gpt-4o', 'gpt-4.1-mini', 'gpt-5', 'o3', 'my-fine-tune'])(
    'sends what %s takes as it came',
    async (model) => {
      const text = `{ "model":"${model}", "messages":[{"role":"user","content":"Hi"}], "big": 12345678901234567890, "max_completion_tokens":9 }`;
      expect(await send(text, model)).toMatchObject({ text, report: '' });
    },
  );

  it.each(['o1', 'o3-mini', 'o4-mini-2025-04-16', 'gpt-5', 'gpt-5-nano', 'gpt-5.2', 'gpt-6-mini'])(
    'names the limit of %s as it wants it, every other byte as it came',
    async (model) => {
      const text = '{"max_tokens": 64, "messages":[{"role":"user","content":"Hi"}], "x":1.50}';
      const sent = await send(text, model);
      expect(sent.text).toBe(
        '{"messages":[{"role":"user","content":"Hi"}], "x":1.50,"max_completion_tokens":64}',
      );
      expect(sent.report).toBe('max_tokens=mapped');
    },
  );

  it.each(['gpt-4o', 'gpt-35-turbo', 'gpt-5-chat-latest', 'gpt-5.1-chat-latest', 'gpt-oss-120b'])(
    'leaves the limit of %s alone',
    async (model) => {
      const { body, report } = await send({ max_tokens: 64, temperature: 0.2 }, model);
      expect(body).toMatchObject({ max_tokens: 64, temperature: 0.2 });
      expect(report).toBe('');
    },
  );

  it('prefers the limit in its present form when both are given', async () => {
    const { body } = await send({ max_tokens: 1, max_completion_tokens: 2 }, 'o3');
    expect(body).toMatchObject({ max_completion_tokens: 2 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it.each([
    ['o3', {}, true],
    ['gpt-5', {}, true],
    ['gpt-5.1', { reasoning_effort: 'low' }, true],
    ['gpt-5.1', { reasoning_effort: 'none' }, false],
    ['gpt-5.1', {}, false],
    ['gpt-5.1-codex', {}, true],
  ])('drops sampling for %s with %j: %s', async (model, more, isDropped) => {
    const { body, report } = await send({ temperature: 0.2, top_p: 0.5, ...more }, model);
    expect('temperature' in body).toBe(!isDropped);
    expect(report).toBe(isDropped ? 'temperature=dropped,top_p=dropped' : '');
  });

  it('says nothing of values that hold anyway', async () => {
    const request = { temperature: 1, presence_penalty: 0, logprobs: false, logit_bias: {} };
    expect((await send(request, 'o3')).report).toBe('');
  });

  it('drops the effort of a model that never reasons', async () => {
    const { body, report } = await send({ reasoning_effort: 'low' });
    expect(body).not.toHaveProperty('reasoning_effort');
    expect(report).toBe('reasoning_effort=dropped');
  });

  it('refuses a loss in strict mode and names it', async () => {
    await expect(
      sentRequest(create, { temperature: 0.2 }, { model: 'o3', strict: true }),
    ).rejects.toMatchObject({ kind: 'rejected', status: 400, param: 'temperature' });
  });

  it('gives images of tools to the user, after all results of the step', async () => {
    const image = { type: 'image_url', image_url: { url: PIXEL } };
    const calls = ['a', 'b'].map((id) => ({
      id,
      type: 'function' as const,
      function: { name: 'look', arguments: '{}' },
    }));
    const { body, report } = await send({
      messages: [
        { role: 'assistant', content: null, tool_calls: calls },
        { role: 'tool', tool_call_id: 'a', content: [image] },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'dark' }] },
        { role: 'user', content: 'So?' },
      ],
    });
    const messages = body['messages'] as Array<{ role: string; content: unknown }>;
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user', 'user']);
    expect(messages[3]?.content).toContainEqual(image);
    expect(JSON.stringify(messages.slice(0, 3))).not.toContain('image_url');
    expect(report).toBe('messages.tool.image_url=emulated');
  });

  it('leaves out what other vendors want back', async () => {
    const { body, report } = await send({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'x' } }] },
        {
          role: 'assistant',
          content: 'b',
          reasoning_content: 'c',
          reasoning_details: [],
          cache_control: { type: 'x' },
        },
      ],
      tools: [{ type: 'function', function: { name: 'f' }, cache_control: { type: 'x' } }],
    });
    expect(body['tools']).toEqual([{ type: 'function', function: { name: 'f' } }]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: 'b' },
    ]);
    expect(report).toBe('messages.cache_control=dropped,messages.reasoning=dropped');
  });
});
