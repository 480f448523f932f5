import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import { NO_USAGE, type TokenUsage } from '../../providers/contract/token-usage.js';
import type { StreamEvent } from './messages-answer-api.js';
import { expectGrammar, readWithAiSdk, readWithAnthropicSdk } from './messages-grammar.contract.js';
import { MessagesStream, PING, type MessagesEvent } from './messages-stream.js';
import { parseReasoningState } from './reasoning-state.js';

type Delta = Record<string, unknown>;

const USAGE: TokenUsage = {
  ...NO_USAGE,
  inputUncached: 500,
  cacheRead: 300,
  cacheWrite: 200,
  outputText: 10,
  outputReasoning: 4,
};

function chunk(delta: Delta, finishReason: string | null = null): ChatDelta {
  const value = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  } as unknown as ChatCompletionChunk;
  const body = JsonDocument.fromText<ChatCompletionChunk>(JSON.stringify(value));
  return { kind: 'delta', body, usage: 'none', characters: 0 };
}

function call(index: number, members: { id?: string; name?: string; args?: string }): Delta {
  const { id, name, args } = members;
  return { index, ...(id && { id, type: 'function' }), function: { name, arguments: args } };
}

function play(deltas: readonly Delta[], finishReason = 'stop', omitsThinking = false) {
  const sut = new MessagesStream({ inputTokens: 9, model: 'asked', omitsThinking });
  return [
    ...[{ role: 'assistant', content: '' }, ...deltas].flatMap((delta) => sut.delta(chunk(delta))),
    ...sut.delta(chunk({}, finishReason)),
    ...sut.finish(USAGE),
  ];
}

/** Without what all streams have in common. */
function blocksOf(events: readonly MessagesEvent[]): unknown[] {
  return events
    .map(({ data }) => JSON.parse(data) as StreamEvent)
    .filter(({ type }) => type.startsWith('content_block'))
    .map((event) => {
      if (event.type === 'content_block_start') return event.content_block;
      return event.type === 'content_block_delta' ? event.delta : 'stop';
    });
}

const parse = ({ data }: MessagesEvent) => JSON.parse(data) as unknown;

describe(MessagesStream.name, () => {
  it('starts at the first chunk, with usage', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });

    const events = sut.delta(chunk({ role: 'assistant', content: '' }));

    expect(events.map(parse)).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: 9,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            output_tokens: 0,
          },
        },
      },
    ]);
  });

  it('streams text as it comes and ends with the usage of the whole message', () => {
    const events = play([{ content: 'Hel' }, { content: 'lo' }]);

    expectGrammar(events);
    expect(blocksOf(events)).toEqual([
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'Hel' },
      { type: 'text_delta', text: 'lo' },
      'stop',
    ]);
    expect(events.slice(-2).map(parse)).toEqual([
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: {
          input_tokens: 500,
          cache_creation_input_tokens: 200,
          cache_read_input_tokens: 300,
          output_tokens: 14,
          cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 0 },
          output_tokens_details: { thinking_tokens: 4 },
        },
      },
      { type: 'message_stop' },
    ]);
  });

  it('gives a text delta out in the very call that brought it', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    sut.delta(chunk({ content: 'a' }));

    expect(sut.delta(chunk({ content: 'b' })).map(({ event }) => event)).toEqual([
      'content_block_delta',
    ]);
  });

  it('takes chunks that are values as well as chunks that are text', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    const delta = chunk({ content: 'a' });
    const body = JsonDocument.fromValue(delta.body.value);

    expect(blocksOf(sut.delta({ ...delta, body }))).toEqual([
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'a' },
    ]);
  });

  it('signs the reasoning of others with what brings it back', () => {
    const events = play([{ reasoning_content: 'h' }, { reasoning_content: 'm' }, { content: '.' }]);

    expectGrammar(events);
    expect(blocksOf(events)).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'h' },
      { type: 'thinking_delta', thinking: 'm' },
      { type: 'signature_delta', signature: expect.stringMatching(/^lp1:/) as unknown },
      'stop',
      { type: 'text', text: '' },
      { type: 'text_delta', text: '.' },
      'stop',
    ]);
  });

  it("gives Anthropic's blocks their own signatures", () => {
    const format = 'anthropic-claude-v1';
    const events = play([
      { reasoning_content: 'one' },
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'one', signature: 'c2ln', format, index: 0 },
        ],
      },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'aGlk', format, index: 1 }] },
      { reasoning_content: 'two' },
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'two', signature: 'c2lnMg==', format, index: 2 },
        ],
      },
      { content: '.' },
    ]);

    expectGrammar(events);
    expect(blocksOf(events).slice(0, -3)).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'one' },
      { type: 'signature_delta', signature: 'c2ln' },
      'stop',
      { type: 'redacted_thinking', data: 'aGlk' },
      'stop',
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'two' },
      { type: 'signature_delta', signature: 'c2lnMg==' },
      'stop',
    ]);
  });

  it('joins a piece that comes in fragments', () => {
    const fragment = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };
    const events = play([
      { reasoning: 'on', reasoning_details: [{ ...fragment, text: 'on' }] },
      { reasoning: 'e', reasoning_details: [{ ...fragment, text: 'e' }] },
      { reasoning_details: [{ ...fragment, signature: 'c2ln' }] },
    ]);

    expect(blocksOf(events)).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'on' },
      { type: 'thinking_delta', thinking: 'e' },
      { type: 'signature_delta', signature: 'c2ln' },
      'stop',
    ]);
  });

  it('tells reasoning that is in the pieces only', () => {
    const detail = {
      type: 'reasoning.summary',
      summary: 'hm',
      format: 'openai-responses-v1',
      index: 0,
    };
    expect(blocksOf(play([{ reasoning_details: [detail] }]))[1]).toEqual({
      type: 'thinking_delta',
      thinking: 'hm',
    });
  });

  it('keeps what belongs to a tool call in a block ahead of it', () => {
    const extra = { google: { thought_signature: 'c2ln' } };
    const events = play(
      [{ tool_calls: [{ ...call(0, { id: 'a', name: 'f', args: '{}' }), extra_content: extra }] }],
      'tool_calls',
    );

    expectGrammar(events);
    const [start, signature, stop, ...rest] = blocksOf(events);
    expect(start).toEqual({ type: 'thinking', thinking: '', signature: '' });
    expect(parseReasoningState((signature as { signature: string }).signature, '')).toEqual({
      calls: { a: extra },
    });
    expect(stop).toBe('stop');
    expect(rest[0]).toEqual({ type: 'tool_use', id: 'a', name: 'f', input: {} });
  });

  it('spares a client the text of the reasoning, and gives it back all the same', () => {
    const events = play([{ reasoning_content: 'hm' }, { content: '.' }], 'stop', true);

    expectGrammar(events);
    const [, signature] = blocksOf(events);
    expect(parseReasoningState((signature as { signature: string }).signature, '')).toEqual({
      text: 'hm',
    });
  });

  it('holds a call until its name is known', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    sut.delta(chunk({ role: 'assistant' }));

    const before = sut.delta(chunk({ tool_calls: [call(0, { id: 'a', args: '{"x"' })] }));
    const after = sut.delta(chunk({ tool_calls: [call(0, { name: 'f', args: ':1}' })] }));

    expect(before).toEqual([]);
    expect(blocksOf(after)).toEqual([
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'input_json_delta', partial_json: '{"x":1}' },
    ]);
  });

  it('puts parallel calls that come mixed one after the other', () => {
    const events = play(
      [
        {
          tool_calls: [
            call(0, { id: 'a', name: 'f', args: '' }),
            call(1, { id: 'b', name: 'g', args: '' }),
          ],
        },
        { tool_calls: [call(1, { args: '{"y":' })] },
        { tool_calls: [call(0, { args: '{"x":"}' })] },
        { tool_calls: [call(1, { args: '2}' })] },
        { content: 'Done.' },
        { tool_calls: [call(0, { args: '"}' })] },
      ],
      'tool_calls',
    );

    expectGrammar(events);
    expect(blocksOf(events)).toEqual([
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'input_json_delta', partial_json: '{"x":"}' },
      { type: 'input_json_delta', partial_json: '"}' },
      'stop',
      { type: 'tool_use', id: 'b', name: 'g', input: {} },
      { type: 'input_json_delta', partial_json: '{"y":2}' },
      'stop',
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'Done.' },
      'stop',
    ]);
  });

  it('goes on to the next call as soon as the one before is complete', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    sut.delta(chunk({ tool_calls: [call(0, { id: 'a', name: 'f', args: '{}' })] }));

    const events = sut.delta(chunk({ tool_calls: [call(1, { id: 'b', name: 'g', args: '{' })] }));

    expect(blocksOf(events)).toEqual([
      'stop',
      { type: 'tool_use', id: 'b', name: 'g', input: {} },
      { type: 'input_json_delta', partial_json: '{' },
    ]);
  });

  it.each([
    ['stop', [{ content: 'a' }], 'end_turn'],
    ['length', [{ content: 'a' }], 'max_tokens'],
    ['length', [{ tool_calls: [call(0, { id: 'a', name: 'f', args: '{"x' })] }], 'max_tokens'],
    ['tool_calls', [{ tool_calls: [call(0, { id: 'a', name: 'f', args: '{}' })] }], 'tool_use'],
    ['stop', [{ tool_calls: [call(0, { id: 'a', name: 'f', args: '{}' })] }], 'tool_use'],
    ['tool_calls', [{ content: 'a' }], 'end_turn'],
    ['content_filter', [], 'refusal'],
    ['stop', [{ refusal: 'No.' }], 'refusal'],
  ])('maps %s after %j to %s', (finishReason, deltas, expected) => {
    const { delta } = parse(play(deltas, finishReason).at(-2)!) as { delta: object };
    expect(delta).toMatchObject({ stop_reason: expected });
  });

  it('ignores chunks without a choice and choices that nobody asked for', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    const { body } = chunk({ content: 'a' });
    const other = { ...body.value, choices: [{ ...body.value.choices[0]!, index: 1 }] };

    for (const value of [{ ...body.value, choices: [] }, other]) {
      const delta = { ...chunk({}), body: JsonDocument.fromValue(value) };
      expect(sut.delta(delta)).toEqual([]);
    }
  });

  it('gives a whole message even when nothing was said', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    const events = sut.finish(NO_USAGE);

    expectGrammar(events);
    expect(parse(events[0]!)).toMatchObject({ message: { model: 'asked' } });
  });

  it('tells a failure in the stream and nothing after it', async () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    const before = sut.delta(chunk({ content: 'a' }));

    const events = sut.fail(new ApiError('upstream_error', 'It broke.'), 'req_1');

    expect(events.map(parse)).toEqual([
      { type: 'error', error: { type: 'api_error', message: 'It broke.' }, request_id: 'req_1' },
    ]);
    expect([...sut.delta(chunk({ content: 'b' })), ...sut.finish(USAGE)]).toEqual([]);
    await expect(readWithAnthropicSdk([...before, ...events])).rejects.toMatchObject({
      type: 'api_error',
    });
  });

  it('is quiet about a failure after the end', () => {
    const sut = new MessagesStream({ inputTokens: 9, model: 'asked' });
    sut.finish(USAGE);

    expect(sut.fail(new ApiError('internal_error', 'Late.'), 'req_1')).toEqual([]);
  });

  const busy: Delta[] = [
    { reasoning_content: 'hm' },
    { content: 'I look.' },
    { tool_calls: [call(0, { id: 'call_a', name: 'f', args: '{"x":' })] },
    { tool_calls: [call(1, { id: 'call_b', name: 'g', args: '' })] },
    { tool_calls: [call(0, { args: '1}' })] },
  ];

  it("is read by Anthropic's own client", async () => {
    const [first, ...rest] = play(busy, 'tool_calls');
    const message = await readWithAnthropicSdk([first!, PING, ...rest]);

    expect(message).toMatchObject({
      id: 'msg_1',
      stop_reason: 'tool_use',
      usage: { input_tokens: 500, cache_read_input_tokens: 300, output_tokens: 14 },
    });
    expect(message.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: expect.stringMatching(/^lp1:/) as unknown },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'call_a', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'call_b', name: 'g', input: {} },
    ]);
  });

  it('is read by the AI SDK', async () => {
    const [first, ...rest] = play(busy, 'tool_calls');
    const parts = await readWithAiSdk([first!, PING, ...rest]);

    expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
    expect(parts.filter(({ type }) => type === 'tool-call')).toMatchObject([
      { toolCallId: 'call_a', toolName: 'f', input: '{"x":1}' },
      { toolCallId: 'call_b', toolName: 'g', input: '{}' },
    ]);
    expect(parts).toContainEqual(expect.objectContaining({ type: 'reasoning-delta', delta: 'hm' }));
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: { total: 1000, cacheRead: 300 }, outputTokens: { total: 14 } },
    });
  });

  describe('whatever a vendor sends', () => {
    const text = fc.string({ maxLength: 4 });
    const toolCall = fc.record(
      {
        index: fc.integer({ min: 0, max: 2 }),
        id: fc.constantFrom('a', 'b', 'c'),
        function: fc.record(
          {
            name: fc.constantFrom('f', 'g'),
            arguments: fc.constantFrom('', '{', '"}', '{}', '}', '[1]'),
          },
          { requiredKeys: [] },
        ),
        extra_content: fc.constant({ google: {} }),
      },
      { requiredKeys: ['function'] },
    );
    const detail = fc.record(
      {
        type: fc.constantFrom('reasoning.text', 'reasoning.summary', 'reasoning.encrypted'),
        format: fc.constantFrom('anthropic-claude-v1', 'google-gemini-v1'),
        index: fc.integer({ min: 0, max: 2 }),
        text,
        summary: text,
        data: text,
        signature: fc.constantFrom('', 'c2ln'),
      },
      { requiredKeys: ['type'] },
    );
    const delta = fc.record(
      {
        content: fc.option(text),
        refusal: fc.option(text),
        reasoning_content: fc.option(text),
        reasoning_details: fc.array(detail, { maxLength: 2 }),
        tool_calls: fc.array(toolCall, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    );

    it('keeps the grammar and says all of the text', () => {
      fc.assert(
        fc.property(fc.array(delta, { maxLength: 12 }), fc.boolean(), (deltas, omits) => {
          const events = play(deltas, 'stop', omits);
          expectGrammar(events);
          const told = blocksOf(events) as { type?: string; text?: string }[];
          const said = told.filter(({ type }) => type === 'text_delta').map((block) => block.text);
          const meant = deltas.map(({ content, refusal }) => (content ?? '') + (refusal ?? ''));
          expect(said.join('')).toBe(meant.join(''));
        }),
      );
    });

    it('gives each call its own arguments, however they are mixed', () => {
      const input = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text)));
      const mixed = fc
        .array(input, { minLength: 1, maxLength: 4 })
        .chain((inputs) => fc.tuple(fc.constant(inputs), fc.infiniteStream(fc.nat())));
      fc.assert(
        fc.property(mixed, ([inputs, choices]) => {
          const left = inputs.map((value) => JSON.stringify(value));
          const deltas: Delta[] = inputs.map((_, index) => ({
            tool_calls: [call(index, { id: `call_${index}`, name: 'f', args: '' })],
          }));
          while (left.some((rest) => rest !== '')) {
            const index = choices.next().value % left.length;
            const length = (choices.next().value % 4) + 1;
            const args = left[index]!.slice(0, length);
            left[index] = left[index]!.slice(length);
            deltas.push({ tool_calls: [call(index, { args })] });
          }
          const events = play(deltas, 'tool_calls');
          expectGrammar(events);
          expect(inputsOf(events)).toEqual(inputs);
        }),
      );
    });

    function inputsOf(events: readonly MessagesEvent[]): unknown[] {
      const inputs: string[] = [];
      for (const { data } of events) {
        const event = JSON.parse(data) as StreamEvent;
        if (event.type === 'content_block_start') inputs.push('');
        if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta')
          continue;
        inputs[event.index] += event.delta.partial_json;
      }
      return inputs.map((json) => JSON.parse(json) as unknown);
    }

    it('is read by the clients', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(delta, { maxLength: 8 }), async (deltas) => {
          const events = play(deltas.map(withSoundArguments));
          await readWithAnthropicSdk(events);
          const parts = await readWithAiSdk(events);
          expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });

    /** Clients parse arguments, and may throw at those that no model would write. */
    function withSoundArguments(given: Delta): Delta {
      const { tool_calls: calls = [], ...rest } = given as { tool_calls?: Delta[] };
      return {
        ...rest,
        tool_calls: calls.map((toolUse) => ({
          ...toolUse,
          function: { ...(toolUse['function'] as object), arguments: '' },
        })),
      };
    }
  });
});
