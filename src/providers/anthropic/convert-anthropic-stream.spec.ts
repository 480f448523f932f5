import type { Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ChatChunk } from '../chat/chat.js';
import type { ChatCompletionChunk } from '../chat/chat-api.js';
import type { Target } from '../contract/target.js';
import { totalOutput, type TokenUsage } from '../contract/token-usage.js';
import { Upstream } from '../upstream/upstream.js';
import {
  block,
  MESSAGE_START,
  MESSAGE_STOP,
  message,
  messageDelta,
  stream,
  textBlock,
  toolBlock,
  USAGE,
} from './anthropic-answers.contract.js';
import { type AnswerForm, PLAIN_FORM } from './answer-form.js';
import { convertAnthropicStream } from './convert-anthropic-stream.js';

describe(convertAnthropicStream, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let target: Target;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    target = createTarget(createInstance(fault.url));
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  async function read(events: object[], form: Partial<AnswerForm> = {}, wantsUsage = false) {
    fault.always({ events, named: true, cut: 7 });
    const records = upstream.events({ target, method: 'POST', path: '/v1/messages', body: '{}' });
    const reading = { target, form: { ...PLAIN_FORM, ...form }, wantsUsage };
    const { chunks, error } = await outcomeOf(convertAnthropicStream(records, reading));
    const bodies = chunks.flatMap((chunk) => (chunk.kind === 'delta' ? [chunk.body.value] : []));
    const usage = chunks.flatMap((chunk) => (chunk.kind === 'usage' ? [chunk.usage] : []));
    return { chunks, error, bodies, usage };
  }

  /** What each chunk says, without the first, which says that there is an answer. */
  async function deltas(events: object[], form: Partial<AnswerForm> = {}) {
    const { bodies, error } = await read(events, form);
    expect(error).toBeUndefined();
    expect(bodies[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    return bodies.slice(1).map(saysWhat);
  }

  it('writes a stream as OpenAI does', async () => {
    const { bodies, usage } = await read(stream(textBlock(0, 'Hi', '!'), 'end_turn'), {}, true);
    expect(new Set(bodies.map(({ id, model, created }) => `${id} ${model} ${created}`)).size).toBe(
      1,
    );
    expect(bodies[0]).toMatchObject({
      id: 'msg_1',
      object: 'chat.completion.chunk',
      model: 'claude-test-1',
      service_tier: 'default',
      usage: null,
    });
    expect(bodies.map(saysWhat)).toEqual([
      { role: 'assistant', content: '' },
      { content: 'Hi' },
      { content: '!' },
      'stop',
      undefined,
    ]);
    expect(bodies.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 },
    });
    expect(usage).toMatchObject([{ inputUncached: 12, outputText: 7, outputReasoning: 2 }]);
  });

  it('starts each call once, with dense indexes, and never leaves out its arguments', async () => {
    const blocks = [
      ...textBlock(0, 'So.'),
      ...toolBlock(1, 'toolu_1', 'f', '', '{"a":', '12345678901234567890}'),
      ...block(2, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, [
        { type: 'input_json_delta', partial_json: '{"query":"x"}' },
      ]),
      ...block(3, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      ...toolBlock(4, 'toolu_2', 'g'),
      ...block(5, { type: 'tool_use', id: 'toolu_3', name: 'h', input: { b: 1 } }),
    ];
    const started = (index: number, id: string, name: string) => ({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
    const more = (index: number, json: string) => ({
      tool_calls: [{ index, function: { arguments: json } }],
    });
    expect(await deltas(stream(blocks, 'end_turn'))).toEqual([
      { content: 'So.' },
      started(0, 'toolu_1', 'f'),
      more(0, '{"a":'),
      more(0, '12345678901234567890}'),
      started(1, 'toolu_2', 'g'),
      more(1, '{}'),
      started(2, 'toolu_3', 'h'),
      more(2, '{"b":1}'),
      'tool_calls',
    ]);
  });

  it('tells thinking as it comes, and once in the form that has to come back', async () => {
    const thinking = { type: 'thinking', thinking: '', signature: '' };
    const blocks = [
      ...block(0, thinking, [
        { type: 'thinking_delta', thinking: 'h' },
        { type: 'thinking_delta', thinking: 'm' },
        { type: 'signature_delta', signature: 'sig' },
      ]),
      ...block(1, { type: 'redacted_thinking', data: 'xyz' }),
      ...block(2, thinking, [{ type: 'signature_delta', signature: 'silent' }]),
      ...textBlock(3, 'Hi'),
    ];
    const format = 'anthropic-claude-v1';
    const told = (index: number, text: string, signature: string) => ({
      reasoning_details: [{ type: 'reasoning.text', text, signature, format, index }],
    });
    expect(await deltas(stream(blocks, 'end_turn'))).toEqual([
      { reasoning_content: 'h' },
      { reasoning_content: 'm' },
      told(0, 'hm', 'sig'),
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz', format, index: 1 }] },
      told(2, '', 'silent'),
      { content: 'Hi' },
      'stop',
    ]);
  });

  it('numbers where the text comes from', async () => {
    const cited = (url: string) => ({ type: 'citations_delta', citation: { url, title: 'T' } });
    const blocks = [
      ...textBlock(0, 'It '),
      ...block(1, { type: 'text', text: '' }, [
        cited('https://a.example/'),
        { type: 'text_delta', text: 'rains.' },
        cited('https://b.example/'),
      ]),
    ];
    const annotation = (index: number, url: string) => ({
      annotations: [
        {
          index,
          type: 'url_citation',
          url_citation: { url, title: 'T', start_index: 3, end_index: 9 },
        },
      ],
    });
    expect((await deltas(stream(blocks, 'end_turn'))).slice(2, 4)).toEqual([
      annotation(0, 'https://a.example/'),
      annotation(1, 'https://b.example/'),
    ]);
  });

  it.each([
    [{ type: 'refusal', explanation: 'Not this.' }, 'Not this.'],
    [undefined, 'The model declined to answer this request.'],
  ])('tells a refusal without any block: %j', async (details, refusal) => {
    const end = messageDelta('refusal', { output_tokens: 1 }, { stop_details: details });
    const events = [MESSAGE_START, end, MESSAGE_STOP];
    expect(await deltas(events)).toEqual([{ refusal }, 'content_filter']);
  });

  describe('through a tool that stands in for a format', () => {
    const form = { answerTool: 'json' };

    it('is the argument alone', async () => {
      const blocks = [
        ...textBlock(0, 'I will use the tool.'),
        ...toolBlock(1, 'toolu_1', 'json', '', '{"a"', ':1}'),
      ];
      const said = await deltas(stream(blocks, 'tool_use'), form);
      expect(said).toEqual([{ content: '{"a"' }, { content: ':1}' }, 'stop']);
    });

    it('is an empty object when the model gives nothing', async () => {
      const said = await deltas(stream(toolBlock(0, 'toolu_1', 'json', ''), 'tool_use'), form);
      expect(said).toEqual([{ content: '{}' }, 'stop']);
    });

    it('keeps what was said when the tool was not used', async () => {
      const said = await deltas(stream(textBlock(0, 'No', ' tool.'), 'end_turn'), form);
      expect(said).toEqual([{ content: 'No tool.' }, 'stop']);
    });
  });

  it('unwraps the text for a custom tool', async () => {
    const form = { customTools: new Set(['note']) };
    const blocks = toolBlock(0, 'toolu_1', 'note', '{"input":', '"x\\n1"}');
    expect(await deltas(stream(blocks, 'tool_use'), form)).toEqual([
      {
        tool_calls: [
          { index: 0, id: 'toolu_1', type: 'custom', custom: { name: 'note', input: '' } },
        ],
      },
      { tool_calls: [{ index: 0, custom: { input: 'x\n1' } }] },
      'tool_calls',
    ]);
  });

  it('answers in OpenAI’s first form of tools', async () => {
    const blocks = toolBlock(0, 'toolu_1', 'f', '{"a":1}');
    expect(await deltas(stream(blocks, 'tool_use'), { usesFunctions: true })).toEqual([
      { function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{"a":1}' } },
      'function_call',
    ]);
  });

  it('replaces counts instead of adding them', async () => {
    const delta = messageDelta('end_turn', { input_tokens: 61, output_tokens: 2 });
    const { usage } = await read([MESSAGE_START, ...textBlock(0, 'a'), delta, MESSAGE_STOP]);
    expect(usage).toMatchObject([
      { inputUncached: 61, cacheRead: 3, cacheWrite: 4, cacheWrite1h: 1 },
    ]);
    expect(usage[0]!.outputText + usage[0]!.outputReasoning).toBe(2);
  });

  it('reads an answer that comes whole with its start', async () => {
    const use = { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } };
    const start = { type: 'message_start', message: message([use], 'tool_use') };
    const said = await deltas([start, MESSAGE_STOP]);
    expect(said).toMatchObject([{ tool_calls: [{ id: 'toolu_1' }] }, {}, 'tool_calls']);
  });

  it('reads a start that comes twice', async () => {
    const events = [MESSAGE_START, ...stream(textBlock(0, 'Hi'), 'end_turn')];
    expect(await deltas(events)).toEqual([{ content: 'Hi' }, 'stop']);
  });

  describe('fails', () => {
    it('before it has told anything when the vendor is overloaded', async () => {
      const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
      const outcome = await read([MESSAGE_START, { type: 'ping' }, error]);
      expect(outcome.bodies).toEqual([]);
      expect(outcome.error).toMatchObject({ kind: 'failed', vendorType: 'overloaded_error' });
    });

    it('with what was counted, and an estimate of what was not', async () => {
      const text = 'x'.repeat(400);
      const { usage, error, chunks } = await read([MESSAGE_START, ...textBlock(0, text)]);
      expect(error).toMatchObject({ kind: 'invalid_response' });
      expect(usage).toMatchObject([{ inputUncached: 12, estimated: true }]);
      expect(totalOutput(usage[0] as TokenUsage)).toBe(100);
      expect(chunks.at(-1)?.kind).toBe('usage');
    });

    it('with the true count when only the end is missing', async () => {
      const { usage, error, chunks } = await read([
        MESSAGE_START,
        ...textBlock(0, 'Hi'),
        messageDelta('end_turn', { output_tokens: USAGE.output_tokens }),
      ]);
      expect(error).toMatchObject({ kind: 'invalid_response' });
      expect(usage).toMatchObject([{ estimated: false }]);
      expect(chunks.at(-1)).toMatchObject({ kind: 'usage', isFinal: true });
    });

    it.each([
      [
        'a second answer after the first began',
        [MESSAGE_START, ...textBlock(0, 'a'), MESSAGE_START],
      ],
      ['content without a start', textBlock(0, 'a')],
      ['an end without a start', [MESSAGE_STOP]],
    ])('on %s', async (_name, events) => {
      expect((await read(events)).error).toMatchObject({ kind: 'invalid_response' });
    });

    it.each(['{"type":', '[]'])('on a record that cannot be read: %s', async (record) => {
      const body = `event: message_start\ndata: ${JSON.stringify(MESSAGE_START)}\n\ndata: ${record}\n\n`;
      fault.always({ body, headers: { 'content-type': 'text/event-stream' } });
      const records = upstream.events({ target, method: 'POST', path: '/', body: '{}' });
      const reading = { target, form: PLAIN_FORM, wantsUsage: false };
      const { error } = await outcomeOf(convertAnthropicStream(records, reading));
      expect(error).toMatchObject({ kind: 'invalid_response' });
    });
  });
});

function saysWhat({ choices: [choice] }: ChatCompletionChunk): unknown {
  return choice?.finish_reason ?? choice?.delta;
}

function outcomeOf(
  chunks: Observable<ChatChunk>,
): Promise<{ chunks: ChatChunk[]; error: unknown }> {
  const seen: ChatChunk[] = [];
  return new Promise((resolve) => {
    chunks.subscribe({
      next: (chunk) => seen.push(chunk),
      error: (error: unknown) => resolve({ chunks: seen, error }),
      complete: () => resolve({ chunks: seen, error: undefined }),
    });
  });
}
