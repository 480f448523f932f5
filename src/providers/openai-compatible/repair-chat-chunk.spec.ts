import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ChatChunk } from '../chat/chat.js';
import { convertOpenAiStream } from './convert-openai-stream.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';
import { chunk, ROLE_CHUNK, TEXT, TOOLS, USAGE_CHUNK } from './openai-answers.contract.js';
import { RepairChatChunk } from './repair-chat-chunk.js';

const target = createTarget(createInstance('http://127.0.0.1:1'), {
  requestId: 'req_1',
  model: 'asked',
});

async function texts(records: readonly object[], done = true): Promise<string[]> {
  const events = records.map((record) => ({ data: JSON.stringify(record) }));
  const chunks: ChatChunk[] = await lastValueFrom(
    convertOpenAiStream(of(...events, ...(done ? [{ data: '[DONE]' }] : [])), {
      instance: target.instance,
      convertUsage: convertOpenAiUsage,
      repair: new RepairChatChunk(target),
    }).pipe(toArray()),
  );
  return chunks.flatMap((each) => (each.kind === 'delta' ? each.body.text : []));
}

/** What the helper of the official client makes of it, which refuses what is not in order. */
async function understood(records: readonly object[]) {
  const lines = await texts(records);
  const bytes = new Blob([lines.map((line) => `${line}\n`).join('')]).stream();
  const completion = await ChatCompletionStream.fromReadableStream(bytes).finalChatCompletion();
  const choice = completion.choices[0]!;
  return {
    model: completion.model,
    content: choice.message.content,
    calls: choice.message.tool_calls?.map((call) =>
      call.type === 'function' ? [call.id, call.function.name, call.function.arguments] : [],
    ),
    finish: choice.finish_reason,
  };
}

const bare = (delta: object | null, finish: string | null = null, more: object = {}) => ({
  ...chunk({}),
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
const call = (piece: object) => bare({ tool_calls: [piece] });
const START = bare({ role: 'assistant', content: '' });

describe(RepairChatChunk, () => {
  it.each([
    ['text', TEXT.stream.events as object[]],
    ['tools', TOOLS.stream.events as object[]],
    [
      'annotations ahead of the answer',
      [
        { id: '', model: '', object: '', created: 0, choices: [] },
        ...(TEXT.stream.events as object[]),
      ],
    ],
    ['text until its end', [START, bare({ content: 'x' }), bare({}, 'stop')]],
    [
      'reasoning',
      [
        bare({ role: 'assistant', reasoning_content: 'a' }),
        bare({ reasoning_content: 'b' }),
        bare({}, 'stop'),
      ],
    ],
    [
      'usage on the last chunk',
      [START, bare({ content: '' }, 'stop', { usage: { prompt_tokens: 1 } })],
    ],
    ['`tool_calls: []`', [START, bare({ content: 'x', tool_calls: [] }), bare({}, 'stop')]],
  ])('leaves a healthy stream as it came: %s', async (_name, records) => {
    expect(await texts(records)).toEqual(records.map((record) => JSON.stringify(record)));
  });

  it('gives reasoning the name that clients read, and its pieces a number', async () => {
    const piece = { type: 'reasoning.text', text: 'Hm' };
    const [, delta] = await texts([
      START,
      bare({ reasoning: 'Hm', reasoning_details: [piece] }),
      bare({}, 'stop'),
    ]);
    expect(JSON.parse(delta ?? '')).toMatchObject({
      choices: [
        {
          delta: {
            reasoning: 'Hm',
            reasoning_content: 'Hm',
            reasoning_details: [{ ...piece, index: 0 }],
          },
        },
      ],
    });
  });

  const WEATHER = ['call_1', 'weather', '{"city":"Berlin"}'];
  const asked = (name: string, text: string, more: object = {}) => ({
    ...more,
    function: { name, arguments: text },
  });

  it.each<[string, object[], object]>([
    ['no role', [bare({ content: 'Hi' }), bare({}, 'stop')], { content: 'Hi' }],
    ['an empty role', [bare({ role: '', content: 'Hi' }), bare({}, 'stop')], { content: 'Hi' }],
    [
      'nothing but choices',
      [
        { choices: [{ delta: { content: 'Hi' } }] },
        { choices: [{ delta: {}, finish_reason: 'stop' }] },
      ],
      { content: 'Hi', model: 'asked', finish: 'stop' },
    ],
    [
      '`finish_reason: ""` until the end',
      [bare({ content: 'Hi' }, ''), bare({}, 'stop')],
      { content: 'Hi' },
    ],
    [
      'no finish reason at all',
      [bare({ role: 'assistant', content: 'Hi' })],
      { content: 'Hi', finish: 'stop' },
    ],
    ['a finish reason of its own', [START, bare({}, 'model_length')], { finish: 'length' }],
    ['an unknown finish reason', [START, bare({}, 'eos_token')], { finish: 'stop' }],
    [
      '`stop` after a tool call',
      [call(asked('f', '{}', { id: 'c', index: 0, type: 'function' })), bare({}, 'stop')],
      { finish: 'tool_calls' },
    ],
    [
      'a message in place of a delta',
      [{ ...bare(null), choices: [{ index: 0, message: { content: 'Hi' } }] }, bare({}, 'stop')],
      { content: 'Hi' },
    ],
    ['`delta: null`', [bare({ content: 'Hi' }), bare(null, 'stop')], { content: 'Hi' }],
    [
      'content as a list of parts',
      [
        bare({
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
            { type: 'text', text: 'Hi' },
          ],
        }),
        bare({}, 'stop'),
      ],
      { content: 'Hi' },
    ],
    [
      'no index and no type',
      [
        call(asked('weather', '{"city":', { id: 'call_1' })),
        call({ function: { arguments: '"Berlin"}' } }),
        bare({}, 'tool_calls'),
      ],
      { calls: [WEATHER] },
    ],
    [
      'arguments as an object',
      [
        call({
          index: 0,
          id: 'call_1',
          function: { name: 'weather', arguments: { city: 'Berlin' } },
        }),
        bare({}, 'stop'),
      ],
      { calls: [WEATHER] },
    ],
    [
      'arguments that stay empty',
      [call(asked('now', '', { index: 0, id: 'call_1' })), bare({}, 'tool_calls')],
      { calls: [['call_1', 'now', '{}']] },
    ],
    [
      'no arguments and no end',
      [call({ index: 0, id: 'call_1', function: { name: 'now' } })],
      { calls: [['call_1', 'now', '{}']], finish: 'tool_calls' },
    ],
    [
      'no id',
      [call(asked('now', '{}', { index: 0 })), bare({}, 'tool_calls')],
      { calls: [['call_req_1_0_0', 'now', '{}']] },
    ],
    [
      'parallel calls that are all number 0',
      [
        call(asked('a', '{"x":1}', { index: 0, id: 'c1' })),
        call(asked('b', '{"y":2}', { index: 0, id: 'c2' })),
        bare({}, 'stop'),
      ],
      {
        calls: [
          ['c1', 'a', '{"x":1}'],
          ['c2', 'b', '{"y":2}'],
        ],
      },
    ],
    [
      'parallel calls without index in one chunk',
      [
        bare({ tool_calls: [asked('a', '{}', { id: 'c1' }), asked('b', '{}', { id: 'c2' })] }),
        bare({}, 'stop'),
      ],
      {
        calls: [
          ['c1', 'a', '{}'],
          ['c2', 'b', '{}'],
        ],
      },
    ],
    [
      'indexes that do not begin with 0',
      [
        call(asked('a', '{"x":', { index: 1, id: 'c1' })),
        call({ index: 1, function: { arguments: '1}' } }),
        bare({}, 'stop'),
      ],
      { calls: [['c1', 'a', '{"x":1}']] },
    ],
  ])('makes the official client understand %s', async (_name, records, expected) => {
    expect(await understood(records)).toMatchObject(expected);
  });

  it('says role, id, name and type once, because some clients add them up', async () => {
    const piece = (text: string) =>
      asked('weather', text, { index: 0, id: 'call_1', type: 'function' });
    const lines = await texts([
      bare({ role: 'assistant', content: null, tool_calls: [piece('{"city":')] }),
      bare({ role: 'assistant', tool_calls: [piece('"Berlin"}')] }),
      bare({ role: 'assistant', content: 'x' }),
      bare({ role: 'assistant', content: 'y' }),
      bare({ role: 'assistant' }, 'tool_calls'),
    ]);
    for (const token of ['"role":"assistant"', '"call_1"', '"weather"', '"type":"function"']) {
      expect(lines.join('').split(token)).toHaveLength(2);
    }
  });

  it('gives the repaired chunks of a stream one id, time and model', async () => {
    const nameless = { id: undefined, created: undefined, model: '' };
    const lines = await texts([
      bare({ content: 'a' }, null, { id: undefined, created: 1.7e12, model: null }),
      bare({ content: 'b' }, null, nameless),
      bare({ content: 'c' }, 'stop', nameless),
    ]);
    const shared = lines.map((line) => {
      const { id, created, model, object } = JSON.parse(line) as Record<string, unknown>;
      return { id, created, model, object };
    });
    expect(shared[0]).toEqual({
      id: 'chatcmpl-req_1',
      created: 1.7e9,
      model: 'asked',
      object: 'chat.completion.chunk',
    });
    expect(shared.slice(1)).toEqual([shared[0], shared[0]]);
  });

  it.each([{ id: 'another' }, { created: 1_700_000_001 }, { model: 'another' }])(
    'keeps to what the first chunk said: %j',
    async (changed) => {
      const told = [START, bare({ content: 'a' }), bare({ content: 'b' }), bare({}, 'stop')];
      const records = told.map((record, index) => (index > 1 ? { ...record, ...changed } : record));
      expect(await texts(records)).toEqual(told.map((record) => JSON.stringify(record)));
    },
  );

  it('says of every chunk whether it is the last', async () => {
    const open = { ...chunk({}), choices: [{ index: 0, delta: { content: 'a' } }] };
    const lines = await texts([START, open, bare({}, 'stop')]);
    expect(JSON.parse(lines[1]!)).toMatchObject({ choices: [{ finish_reason: null }] });
  });

  it('tells a tier by the name that clients know', async () => {
    const tier = { service_tier: 'on_demand' };
    const lines = await texts([bare({ content: 'a' }, null, tier), bare({}, 'stop', tier)]);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ service_tier: 'default' });
  });

  it('keeps big numbers and unknown members of a chunk that it repairs', async () => {
    const [line] = await texts([bare({ content: 'a' }, 'stop', { extra: { deep: [1, null] } })]);
    expect(JSON.parse(line!)).toMatchObject({ extra: { deep: [1, null] } });
  });

  it('gives a chunk without choices an empty list', async () => {
    const lines = await texts([
      ROLE_CHUNK,
      { ...USAGE_CHUNK, choices: undefined },
      chunk({}, 'stop'),
    ]);
    expect(JSON.parse(lines[1]!)).toMatchObject({ choices: [] });
  });

  it('ends each of several choices', async () => {
    const other = { ...chunk({}), choices: [{ index: 1, delta: { content: 'b' } }] };
    const lines = await texts([START, other]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      choices: [
        { index: 0, finish_reason: 'stop' },
        { index: 1, finish_reason: 'stop' },
      ],
    });
    expect(JSON.parse(lines[1]!)).toMatchObject({ choices: [{ delta: { role: 'assistant' } }] });
  });
});
