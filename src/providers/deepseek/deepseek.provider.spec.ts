import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { sentRequest } from '../../../test/support/sent-request.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest, ChatMessage } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import { foldStream } from '../contract/fold-answer.contract.js';
import type { Target } from '../contract/target.js';
import {
  chunk,
  completion,
  OPENAI_VENDOR,
  ROLE_CHUNK,
} from '../openai-compatible/openai-answers.contract.js';
import { Upstream } from '../upstream/upstream.js';
import { DeepSeekProvider } from './deepseek.provider.js';

const create = (upstream: Upstream) => new DeepSeekProvider(upstream);

describeProvider('deepseek', { create, vendor: OPENAI_VENDOR });

const send = (request: Partial<ChatCompletionRequest>, model = 'deepseek-v4-pro') =>
  sentRequest(create, request, { model });

const CALLING: ChatMessage = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
};
const RESULT: ChatMessage = { role: 'tool', tool_call_id: 'a', content: '1' };

describe(DeepSeekProvider, () => {
  it.each<[Partial<ChatCompletionRequest>, object, string]>([
    [{ max_completion_tokens: 9 }, { max_tokens: 9 }, 'max_completion_tokens=mapped'],
    [{ user: 'ada' }, { user_id: 'ada' }, 'user=mapped'],
    [{ seed: 7 }, {}, 'seed=dropped'],
    [{ n: 1, parallel_tool_calls: true, service_tier: 'auto', seed: null }, {}, ''],
    [{ reasoning_effort: 'high' }, { reasoning_effort: 'high' }, ''],
    [{ reasoning_effort: 'medium' }, { reasoning_effort: 'high' }, 'reasoning_effort=approximated'],
    [{ reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }, 'reasoning_effort=mapped'],
    [{ temperature: 0.5, logprobs: true }, {}, 'temperature=dropped,logprobs=dropped'],
    [
      { temperature: 0.5, reasoning_effort: 'none' },
      { temperature: 0.5, thinking: { type: 'disabled' } },
      'reasoning_effort=mapped',
    ],
    [
      { temperature: 0.5, thinking: { type: 'disabled' } },
      { temperature: 0.5, thinking: { type: 'disabled' } },
      '',
    ],
  ])('turns %j into %j: %s', async (request, expected, report) => {
    const sent = await send(request);
    const { model: _model, messages: _messages, ...rest } = sent.body;
    expect([rest, sent.report]).toEqual([expected, report]);
  });

  it('knows the models that do not think of their own accord', async () => {
    expect((await send({ temperature: 0.5 }, 'deepseek-chat')).report).toBe('');
    expect((await send({ temperature: 0.5 }, 'deepseek-reasoner')).report).not.toBe('');
  });

  it.each<[string, Partial<ChatMessage>, object]>([
    ['keeps it', { reasoning_content: 'Hm' }, { reasoning_content: 'Hm' }],
    ['takes its other name', { reasoning: 'Hm' }, { reasoning_content: 'Hm' }],
    ['says that it was lost', {}, { reasoning_content: '' }],
    ['takes none from another vendor', { reasoning_details: [{}] }, { reasoning_content: '' }],
  ])('reasoning of a turn with calls: %s', async (_name, given, expected) => {
    const { body } = await send({ messages: [{ ...CALLING, ...given }, RESULT] });
    expect((body['messages'] as unknown[])[0]).toEqual({ ...CALLING, ...expected });
  });

  it('drops the reasoning of other turns', async () => {
    const { body, report } = await send({
      messages: [{ role: 'assistant', content: 'a', reasoning_content: 'Hm' }],
    });
    expect(body['messages']).toEqual([{ role: 'assistant', content: 'a' }]);
    expect(report).toBe('messages.reasoning=dropped');
  });

  it('adds no reasoning where the model does not think', async () => {
    const { body } = await send({ messages: [CALLING, RESULT] }, 'deepseek-chat');
    expect((body['messages'] as unknown[])[0]).toEqual(CALLING);
  });

  it('puts a schema into the instructions', async () => {
    const { body, report } = await send({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Where?' },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'a', schema: { type: 'object', required: ['city'] } },
      },
    });
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: expect.stringContaining('{"type":"object","required":["city"]}') },
      { role: 'user', content: 'Where?' },
    ]);
    expect(report).toBe('messages.developer=mapped,response_format.json_schema=emulated');
  });

  it('mentions JSON where the prompt does not', async () => {
    const response_format = { type: 'json_object' };
    const { body } = await send({ response_format });
    expect(body['messages']).toHaveLength(2);
    const asked = await send({ response_format, messages: [{ role: 'user', content: 'As JSON' }] });
    expect([asked.body['messages'], asked.report]).toEqual([
      [{ role: 'user', content: 'As JSON' }],
      '',
    ]);
  });

  it('holds tools to their schema at the beta endpoint', async () => {
    const tools = [{ type: 'function', function: { name: 'f', strict: true } }];
    expect((await send({ tools })).report).toBe('tools.function.strict=dropped');
    const beta = await sentRequest(create, { tools }, { baseUrl: 'https://vendor.example/beta' });
    expect([beta.body['tools'], beta.report]).toEqual([tools, '']);
  });

  it.each<[Partial<ChatCompletionRequest>, string]>([
    [{ n: 2 }, 'n'],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[0].content[0].input_audio',
    ],
  ])('refuses %j', async (request, param) => {
    await expect(send(request)).rejects.toMatchObject({ kind: 'rejected', status: 400, param });
  });

  describe('what it answers', () => {
    let fault: FaultUpstream;
    let upstream: Upstream;
    let target: Target;
    const request = {
      body: JsonDocument.fromValue<ChatCompletionRequest>({ model: 'm', messages: [] }),
    };

    beforeEach(async () => {
      fault = await FaultUpstream.start();
      upstream = new Upstream();
      target = createTarget(createInstance(fault.url));
    });
    afterEach(async () => {
      await upstream.onApplicationShutdown();
      await fault.close();
    });

    const USAGE = {
      prompt_tokens: 20,
      completion_tokens: 219,
      total_tokens: 239,
      prompt_tokens_details: { cached_tokens: 12 },
      completion_tokens_details: { reasoning_tokens: 205 },
      prompt_cache_hit_tokens: 12,
      prompt_cache_miss_tokens: 8,
    };

    it('reads reasoning, and the usage that rides on the last chunk', async () => {
      fault.always({
        events: [
          chunk({ role: 'assistant', content: null, reasoning_content: '' }),
          chunk({ content: null, reasoning_content: 'Hm' }),
          chunk({ content: 'Hi', reasoning_content: null }),
          { ...chunk({ content: '', reasoning_content: null }, 'stop'), usage: USAGE },
        ],
        done: true,
        cut: 'with-comments',
      });
      const answer = await foldStream(create(upstream).streamChat(request, target));
      expect(answer).toMatchObject({ text: 'Hi', reasoning: 'Hm', finishReason: 'stop' });
      expect(answer.usage).toMatchObject({
        inputUncached: 8,
        cacheRead: 12,
        outputText: 14,
        outputReasoning: 205,
        raw: USAGE,
      });
    });

    it('takes want of resources for a failure', async () => {
      const reason = 'insufficient_system_resource';
      fault.next(
        { body: completion({ content: 'H' }, reason) },
        { events: [ROLE_CHUNK, chunk({ content: 'H' }), chunk({}, reason)], done: true },
        { events: [chunk({ role: 'assistant' }, reason)], done: true },
      );
      const sut = create(upstream);
      const failure = { kind: 'failed', status: 503, vendorCode: reason };
      await expect(sut.chat(request, target)).rejects.toMatchObject(failure);
      const broken = sut.streamChat(request, target);
      await expect(lastValueFrom(broken.pipe(toArray()))).rejects.toMatchObject(failure);
      await expect(firstValueFrom(sut.streamChat(request, target))).rejects.toMatchObject(failure);
    });

    it('reads an answer behind blank lines', async () => {
      fault.always({ body: `\n\n\n${JSON.stringify(completion({ content: 'Hi' }, 'stop'))}` });
      const { body } = await create(upstream).chat(request, target);
      expect(body.value.choices[0]?.message.content).toBe('Hi');
    });
  });
});
