import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletion, ChatCompletionRequest } from '../chat/chat-api.js';
import type { ChatChunk } from '../chat/chat.js';
import { foldChunks, foldResponse } from '../contract/fold-answer.contract.js';
import { totalInput, totalOutput } from '../contract/token-usage.js';
import { SimulatedProvider } from './simulated.provider.js';

const sut = new SimulatedProvider();
const instance = createInstance('http://simulated.invalid', { type: 'simulated' });

type Asked = Partial<ChatCompletionRequest>;

function call(model: string, asked: Asked) {
  const body = { model, messages: [{ role: 'user', content: 'Say hello' }], ...asked };
  return {
    request: { body: JsonDocument.fromValue<ChatCompletionRequest>(body) },
    target: createTarget(instance, { model }),
  };
}

function chat(model: string, asked: Asked = {}) {
  const { request, target } = call(model, asked);
  return sut.chat(request, target);
}

async function completion(model: string, asked: Asked = {}): Promise<ChatCompletion> {
  return (await chat(model, asked)).body.value;
}

async function chunks(model: string, asked: Asked = {}): Promise<ChatChunk[]> {
  const { request, target } = call(model, { stream: true, ...asked });
  return lastValueFrom(sut.streamChat(request, target).pipe(toArray()));
}

const tool = (name: string, properties: object = {}) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties } },
});
const TWO = [tool('weather', { city: { type: 'string' } }), tool('time')];

describe('the simulated models', () => {
  it('are listed', async () => {
    const models = (await sut.listModels()).map(({ id }) => id);
    expect(models).toEqual(expect.arrayContaining(['echo', 'markdown', 'tools', 'slow', 'embed']));
    expect(new Set(models).size).toBe(models.length);
  });

  it('answer the same to the same, and know each other apart', async () => {
    const first = await completion('echo');
    const second = await completion('echo');
    expect({ ...second, created: 0 }).toEqual({ ...first, created: 0 });
    expect((await completion('echo', { seed: 1 })).id).not.toBe(first.id);
  });

  it.each([
    ['echo', {}],
    ['echo', { n: 3 }],
    ['echo', { max_tokens: 1 }],
    ['markdown', {}],
    ['markdown', { max_completion_tokens: 40 }],
    ['reasoning', {}],
    ['reasoning', { max_tokens: 20 }],
    ['tools', { tools: TWO }],
    ['tools', {}],
    ['slow-0ms-100000cps', {}],
  ] as Array<[string, Asked]>)('%s with %j streams what it answers whole', async (model, asked) => {
    const whole = foldResponse(await chat(model, asked));
    const streamed = foldChunks(await chunks(model, asked));
    expect(streamed).toEqual(whole);
    const limit = asked.max_tokens ?? asked.max_completion_tokens ?? Infinity;
    expect(totalOutput(whole.usage!)).toBeLessThanOrEqual(limit);
    expect(totalOutput(whole.usage!)).toBeGreaterThan(0);
  });

  it.each(['echo', 'markdown', 'reasoning', 'tools'])(
    '%s streams what the helper of the official client accepts',
    async (model) => {
      const asked = { tools: TWO, stream_options: { include_usage: true } };
      const lines = (await chunks(model, asked)).flatMap((each) =>
        each.kind === 'delta' ? `${each.body.text}\n` : [],
      );
      const stream = ChatCompletionStream.fromReadableStream(new Blob(lines).stream());
      const { choices, usage } = await stream.finalChatCompletion();
      const whole = await completion(model, asked);
      expect(choices[0]?.message.content ?? '').toBe(whole.choices[0]?.message.content ?? '');
      expect(choices[0]?.message.tool_calls).toEqual(whole.choices[0]?.message.tool_calls);
      expect(usage).toEqual(whole.usage);
    },
  );

  it('keep the order of chunks: role, text, end, usage', async () => {
    const bodies = (await chunks('echo', { stream_options: { include_usage: true } })).flatMap(
      (each) => (each.kind === 'delta' ? each.body.value : []),
    );
    expect(
      bodies.map(({ choices, usage }) => [
        choices[0]?.delta,
        choices[0]?.finish_reason,
        usage === null,
      ]),
    ).toEqual([
      [{ role: 'assistant', content: '', refusal: null }, null, true],
      [{ content: 'Say ' }, null, true],
      [{ content: 'hello' }, null, true],
      [{}, 'stop', true],
      [undefined, undefined, false],
    ]);
  });

  it('send no usage chunk to whom did not ask for it', async () => {
    const all = await chunks('echo');
    expect(
      all.filter((each) => each.kind === 'delta').every((each) => !('usage' in each.body.value)),
    ).toBe(true);
    expect(all.at(-1)).toMatchObject({ kind: 'usage', usage: { inputUncached: 3, outputText: 3 } });
  });

  it('count what goes in and what comes out', async () => {
    const { usage, body } = await chat('reasoning');
    const { prompt_tokens, completion_tokens, total_tokens, completion_tokens_details } =
      body.value.usage!;
    expect([totalInput(usage!), totalOutput(usage!)]).toEqual([prompt_tokens, completion_tokens]);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    expect(completion_tokens_details?.reasoning_tokens).toBe(usage!.outputReasoning);
    expect(usage!.outputReasoning).toBeGreaterThan(0);
  });

  it('read the last text of the person, in parts too', async () => {
    const messages = [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'no' },
      {
        role: 'user',
        content: [{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }],
      },
    ];
    expect(foldResponse(await chat('echo', { messages })).text).toBe('ab');
  });

  it.each<[Asked, string, string]>([
    [{ stop: 'hell' }, 'Say ', 'stop'],
    [{ stop: ['x', ' '] }, 'Say', 'stop'],
    [{ max_tokens: 1 }, 'Say ', 'length'],
    [{ max_completion_tokens: 2, max_tokens: 1 }, 'Say hell', 'length'],
    [{ max_tokens: 100 }, 'Say hello', 'stop'],
    [{ response_format: { type: 'json_object' } }, '{"answer":"Say hello"}', 'stop'],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'x',
            schema: { type: 'object', properties: { ok: { type: 'boolean' } } },
          },
        },
      },
      '{"ok":true}',
      'stop',
    ],
  ])('honour %j', async (asked, text, finishReason) => {
    expect(foldResponse(await chat('echo', asked))).toMatchObject({ text, finishReason });
  });

  it('give several answers', async () => {
    const { choices, usage } = await completion('echo', { n: 3 });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'Say hello'],
      [1, 'Say hello'],
      [2, 'Say hello'],
    ]);
    expect(usage?.completion_tokens).toBe(9);
  });

  it('think first, then answer', async () => {
    const { reasoning, text } = foldResponse(await chat('reasoning'));
    expect(reasoning).toMatch(/read twice/);
    expect(text).toBe('Say hello');
    const kinds = (await chunks('reasoning')).flatMap((each) =>
      each.kind === 'delta' ? Object.keys(each.body.value.choices[0]?.delta ?? {}) : [],
    );
    expect(kinds.lastIndexOf('reasoning_content')).toBeLessThan(kinds.lastIndexOf('content'));
  });
});

describe('the model `tools`', () => {
  const called = async (asked: Asked) => foldResponse(await chat('tools', asked)).toolCalls;

  it.each<[string, Asked, string[]]>([
    ['two in parallel', { tools: TWO }, ['weather', 'time']],
    ['one when parallel calls are off', { tools: TWO, parallel_tool_calls: false }, ['weather']],
    [
      'the one that is named',
      { tools: TWO, tool_choice: { type: 'function', function: { name: 'time' } } },
      ['time'],
    ],
    ['the only one', { tools: [TWO[0]!] }, ['weather']],
    ['none when told so', { tools: TWO, tool_choice: 'none' }, []],
    ['none when none is offered', {}, []],
    ['two when some are required', { tools: TWO, tool_choice: 'required' }, ['weather', 'time']],
  ])('calls %s', async (_name, asked, names) => {
    expect((await called(asked)).map(({ name }) => name)).toEqual(names);
  });

  it('makes arguments that fit', async () => {
    expect(await called({ tools: TWO })).toEqual([
      { name: 'weather', arguments: { city: 'city' } },
      { name: 'time', arguments: {} },
    ]);
  });

  it('gives each call an id of its own', async () => {
    const { choices } = await completion('tools', { tools: TWO, n: 2 });
    const ids = choices.flatMap(({ message }) => message.tool_calls?.map(({ id }) => id) ?? []);
    expect(new Set(ids).size).toBe(4);
  });

  it('answers with what the tools said', async () => {
    const messages = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      { role: 'tool', tool_call_id: 'b', content: 'noon' },
    ];
    expect(foldResponse(await chat('tools', { tools: TWO, messages }))).toMatchObject({
      text: 'The tools answered: "sunny", "noon".',
      toolCalls: [],
      finishReason: 'stop',
    });
  });
});

describe('a request that the vendor refuses', () => {
  it.each<[string, string, Asked, object]>([
    [
      'an unknown model',
      'nobody',
      {},
      { status: 404, vendorCode: 'model_not_found', param: 'model' },
    ],
    ['a rate of nothing', 'slow-1ms-0cps', {}, { status: 404, vendorCode: 'model_not_found' }],
    ['a model that cannot chat', 'embed', {}, { status: 404, param: 'model' }],
    ['no messages', 'echo', { messages: [] }, { status: 400, param: 'messages' }],
    ['no answers', 'echo', { n: 0 }, { status: 400, param: 'n' }],
    [
      'a tool that is not offered',
      'tools',
      { tool_choice: { type: 'function', function: { name: 'x' } } },
      { status: 400, param: 'tool_choice' },
    ],
  ])('%s', async (_name, model, asked, expected) => {
    await expect(chat(model, asked)).rejects.toMatchObject({ kind: 'rejected', ...expected });
    await expect(chunks(model, asked)).rejects.toMatchObject({ kind: 'rejected', ...expected });
  });
});
