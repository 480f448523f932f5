import { describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatCompletionChunk, FinishReason } from '../../providers/chat/chat-api.js';
import { ChatChunkWriter } from '../../providers/chat/chat-chunk-writer.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import { findReasoningState } from './reasoning-state.js';
import type { AnswerContext } from './response-envelope.js';
import { checkGrammar, readFrames } from './responses-grammar.contract.js';
import type { ResponsesRequest } from './responses-api.js';
import { ResponsesStream, type ResponsesFrame } from './responses-stream.js';
import { ToolNames } from './tool-names.js';

const USAGE = { ...NO_USAGE, inputUncached: 9, cacheRead: 3, outputText: 4, outputReasoning: 2 };
const ENVELOPE = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'vendor-model' };

function contextOf(request: Partial<ResponsesRequest> = {}, tools = new ToolNames()) {
  const context: AnswerContext = {
    id: 'resp_abc',
    createdAt: 1_700_000_000,
    request: { model: 'alias', input: 'Hello', ...request },
    tools,
    isStored: false,
  };
  return context;
}

function write(compose: (writer: ChatChunkWriter) => ChatDelta[], context = contextOf()) {
  const stream = new ResponsesStream(context);
  const deltas = compose(new ChatChunkWriter(ENVELOPE, true));
  const frames = deltas.flatMap((delta) => stream.delta(delta));
  return [...frames, ...stream.complete({ usage: USAGE, costNanoUsd: 1500 })];
}

const typesOf = (frames: readonly ResponsesFrame[]): string[] => frames.map(({ event }) => event);

describe(ResponsesStream.name, () => {
  it('tells a text from created to completed', () => {
    const frames = write((w) => [w.start(), w.text('Hel'), w.text('lo'), w.finish('stop')]);
    expect(typesOf(frames)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(checkGrammar(frames)).toMatchObject({
      id: 'resp_abc',
      model: 'vendor-model',
      status: 'completed',
      output: [
        {
          id: 'msg_abc_0',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }],
        },
      ],
      usage: {
        input_tokens: 12,
        input_tokens_details: { cached_tokens: 3, cache_write_tokens: 0 },
        output_tokens: 6,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 18,
        cost: 0.0000015,
      },
    });
  });

  it('begins the stream with the first chunk, whatever is in it', () => {
    const stream = new ResponsesStream(contextOf());
    const chunk: ChatCompletionChunk = {
      ...ENVELOPE,
      model: '',
      object: 'chat.completion.chunk',
      choices: [],
    };
    const body = JsonDocument.fromText<ChatCompletionChunk>(JSON.stringify(chunk));
    const frames = stream.delta({ kind: 'delta', body, usage: 'none', characters: 0 });
    expect(typesOf(frames)).toEqual(['response.created', 'response.in_progress']);
    expect(readFrames(frames)[0]?.response).toMatchObject({
      model: 'alias',
      status: 'in_progress',
      output: [],
      usage: null,
    });
  });

  it('tells reasoning, text and parallel calls as items of their own', () => {
    const frames = write((w) => [
      w.start(),
      w.reasoning('Let me '),
      w.reasoning('see'),
      w.text('I look.'),
      w.toolCall({ index: 0, id: 'call_a', name: 'f' }),
      w.toolArguments(0, '{"x":'),
      w.toolArguments(0, '1}'),
      w.toolCall({ index: 1, id: 'call_b', name: 'g', arguments: '{}' }),
      w.finish('tool_calls'),
    ]);
    expect(checkGrammar(frames).output).toEqual([
      {
        id: 'rs_abc_0',
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Let me see' }],
      },
      expect.objectContaining({ id: 'msg_abc_1', type: 'message' }),
      {
        id: 'fc_abc_2',
        type: 'function_call',
        status: 'completed',
        call_id: 'call_a',
        name: 'f',
        arguments: '{"x":1}',
      },
      expect.objectContaining({ id: 'fc_abc_3', call_id: 'call_b', name: 'g', arguments: '{}' }),
    ]);
  });

  it('streams a call while it is written, also the last of several', () => {
    const stream = new ResponsesStream(contextOf());
    const w = new ChatChunkWriter(ENVELOPE, false);
    const told = (delta: ChatDelta): string[] => typesOf(stream.delta(delta)).slice(-1);
    stream.delta(w.toolCall({ index: 0, id: 'call_a', name: 'f' }));
    expect(told(w.toolArguments(0, '{}'))).toEqual(['response.function_call_arguments.delta']);
    expect(told(w.toolCall({ index: 1, id: 'call_b', name: 'g' }))).toEqual([
      'response.output_item.added',
    ]);
    expect(told(w.toolArguments(1, '{'))).toEqual(['response.function_call_arguments.delta']);
  });

  it('keeps calls apart that arrive by turns', () => {
    const frames = write((w) => [
      w.toolCall({ index: 0, id: 'call_a', name: 'f' }),
      w.toolCall({ index: 1, id: 'call_b', name: 'g' }),
      w.toolArguments(0, '{"a"'),
      w.toolArguments(1, '{"b"'),
      w.toolArguments(0, ':1}'),
      w.toolArguments(1, ':2}'),
      w.finish('tool_calls'),
    ]);
    expect(checkGrammar(frames).output.map((item) => item.arguments)).toEqual([
      '{"a":1}',
      '{"b":2}',
    ]);
  });

  it('says which calls were cut off', () => {
    const frames = write((w) => [
      w.text('I look.'),
      w.toolCall({ index: 0, id: 'call_a', name: 'f', arguments: '{"a"' }),
      w.toolCall({ index: 1, id: 'call_b', name: 'g', arguments: '{}' }),
      w.toolCall({ index: 2, id: 'call_c', name: 'h', arguments: '{"c"' }),
      w.finish('length'),
    ]);
    expect(checkGrammar(frames).output.map(({ status }) => status)).toEqual([
      'completed',
      'incomplete',
      'completed',
      'incomplete',
    ]);
  });

  it('gives a call without arguments the empty object', () => {
    const frames = write((w) => [
      w.toolCall({ index: 0, id: 'call_a', name: 'f' }),
      w.finish('tool_calls'),
    ]);
    expect(checkGrammar(frames).output).toMatchObject([{ arguments: '{}', status: 'completed' }]);
  });

  it('gives calls of custom tools back as such', () => {
    const tools = new ToolNames();
    tools.add({ kind: 'custom', name: 'apply_patch' });
    const text = '*** Begin Patch\n"quoted"';
    const frames = write(
      (w) => [
        w.toolCall({ index: 0, id: 'call_a', name: 'apply_patch', arguments: '{"input":' }),
        w.toolArguments(0, `${JSON.stringify(text)}}`),
        w.finish('tool_calls'),
      ],
      contextOf({}, tools),
    );
    expect(checkGrammar(frames).output).toEqual([
      {
        id: 'ctc_abc_0',
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'call_a',
        name: 'apply_patch',
        input: text,
      },
    ]);
  });

  it('gives calls of tools in a namespace back with it', () => {
    const tools = new ToolNames();
    tools.add({ kind: 'function', name: 'search', namespace: 'docs' });
    const frames = write(
      (w) => [w.toolCall({ index: 0, id: 'c', name: 'docs__search', arguments: '{}' })],
      contextOf({}, tools),
    );
    expect(checkGrammar(frames).output).toMatchObject([{ name: 'search', namespace: 'docs' }]);
  });

  it('tells refusals as a part of their own', () => {
    const frames = write((w) => [w.text('Well, '), w.refusal('I can'), w.refusal('not.')]);
    expect(checkGrammar(frames).output[0]?.content).toMatchObject([
      { type: 'output_text', text: 'Well, ' },
      { type: 'refusal', refusal: 'I cannot.' },
    ]);
  });

  it('tells citations that come before the text and after it', () => {
    const citation = (url: string): object => ({
      type: 'url_citation',
      url_citation: { url, title: 'T', start_index: 0, end_index: 1 },
    });
    const frames = write((w) => [
      w.delta({ annotations: [citation('https://a.example')] }),
      w.text('Hello'),
      w.delta({ annotations: [citation('https://b.example'), { type: 'other' }] }),
    ]);
    expect(checkGrammar(frames).output[0]?.content?.[0]?.['annotations']).toEqual([
      { type: 'url_citation', url: 'https://a.example', title: 'T', start_index: 0, end_index: 1 },
      { type: 'url_citation', url: 'https://b.example', title: 'T', start_index: 0, end_index: 1 },
    ]);
  });

  it('tells log probabilities with the text they belong to', () => {
    const token = { token: 'Hi', logprob: -0.1, bytes: null, top_logprobs: [] };
    const frames = write((w) => [w.logprobs('Hi', { content: [token], refusal: null })]);
    expect(checkGrammar(frames).output[0]?.content?.[0]?.['logprobs']).toEqual([token]);
    expect(readFrames(frames)[4]?.['logprobs']).toEqual([token]);
  });

  it('tells images that the model made', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' }, index: 0 };
    const frames = write((w) => [w.text('Here:'), w.delta({ images: [image] })]);
    expect(checkGrammar(frames).output[1]).toEqual({
      id: 'ig_abc_1',
      type: 'image_generation_call',
      status: 'completed',
      result: 'AAAA',
    });
  });

  it.each<[FinishReason, string]>([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('ends as incomplete for %s', (reason, told) => {
    const frames = write((w) => [w.reasoning('Hm'), w.text('Hel'), w.finish(reason)]);
    expect(frames.at(-1)?.event).toBe('response.incomplete');
    expect(checkGrammar(frames)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: told },
      completed_at: null,
      output: [{ type: 'reasoning' }, { type: 'message', status: 'incomplete' }],
    });
  });

  it('gives an answer without content one empty message', () => {
    const frames = write((w) => [w.start(), w.finish('stop')]);
    expect(checkGrammar(frames).output).toMatchObject([{ content: [{ text: '' }] }]);
  });

  it('ignores all choices but the first', () => {
    const frames = write((w) => [w.text('one', 0), w.text('two', 1), w.finish('length', 1)]);
    expect(checkGrammar(frames)).toMatchObject({
      status: 'completed',
      output: [{ content: [{ text: 'one' }] }],
    });
  });

  it('fails in-band, closing nothing that is not whole, and is silent afterwards', () => {
    const stream = new ResponsesStream(contextOf());
    const w = new ChatChunkWriter(ENVELOPE, false);
    const first = [w.text('I look.'), w.toolCall({ index: 0, id: 'call_a', name: 'f' })];
    const frames = first.flatMap((delta) => stream.delta(delta));
    const error = new ApiError('rate_limit_exceeded', 'Try again in 2 s.');
    frames.push(...stream.fail(error, { usage: USAGE }));
    expect(typesOf(frames).slice(-2)).toEqual(['error', 'response.failed']);
    expect(readFrames(frames).at(-2)).toMatchObject({
      code: 'rate_limit_exceeded',
      message: 'Try again in 2 s.',
      param: null,
      error: {
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        message: 'Try again in 2 s.',
      },
    });
    expect(checkGrammar(frames)).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Try again in 2 s.' },
      output: [{ type: 'message' }],
      usage: { total_tokens: 18 },
    });
    expect(stream.delta(w.text('more'))).toEqual([]);
    expect(stream.fail(error)).toEqual([]);
    expect(stream.complete({})).toEqual([]);
    expect(stream.response?.status).toBe('failed');
  });

  it('can fail or end before anything came', () => {
    const error = new ApiError('upstream_error', 'It broke.', { wireCode: null });
    const failed = new ResponsesStream(contextOf()).fail(error);
    expect(checkGrammar(failed)).toMatchObject({ error: { code: 'server_error' }, output: [] });
    expect(checkGrammar(new ResponsesStream(contextOf()).complete({}))).toMatchObject({
      status: 'completed',
      usage: null,
    });
  });

  describe('what a vendor wants back', () => {
    const FORMAT = 'anthropic-claude-v1';
    const stateOf = (item: { encrypted_content?: string } | undefined) =>
      findReasoningState(item?.encrypted_content ?? '');

    it('goes with the reasoning it belongs to, the extra content of the call behind it included', () => {
      const frames = write((w) => [
        w.reasoning('Hm'),
        w.reasoningDetail({ type: 'reasoning.text', text: 'H', format: FORMAT, index: 0 }),
        w.reasoningDetail({
          type: 'reasoning.text',
          text: 'm',
          signature: 'sig',
          format: FORMAT,
          index: 0,
        }),
        w.toolCall({ index: 0, id: 'call_a', name: 'f', arguments: '{}', extraContent: { a: 1 } }),
      ]);
      const { output } = checkGrammar(frames);
      expect(output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
      expect(stateOf(output[0])).toEqual({
        response: 'resp_abc',
        details: [
          { type: 'reasoning.text', text: 'Hm', signature: 'sig', format: FORMAT, index: 0 },
        ],
        calls: { call_a: { a: 1 } },
      });
    });

    it('has an item of its own where no reasoning was told', () => {
      const frames = write((w) => [
        w.reasoningDetail({ type: 'reasoning.encrypted', data: 'x', format: FORMAT, index: 0 }),
        w.text('Hello'),
        w.reasoningDetail({ type: 'reasoning.encrypted', data: 'y', format: FORMAT, index: 1 }),
        w.text(' again'),
        w.finish('length'),
      ]);
      const { output } = checkGrammar(frames);
      expect(output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'reasoning']);
      expect(output[1]).toMatchObject({
        status: 'incomplete',
        content: [{ text: 'Hello again' }],
      });
      expect(stateOf(output[0])?.details).toMatchObject([{ data: 'x' }]);
      expect(stateOf(output[2])?.details).toMatchObject([{ data: 'y' }]);
    });

    it('is always there for clients that ask for it', () => {
      const include = ['reasoning.encrypted_content'];
      const asked = write((w) => [w.reasoning('Hm'), w.text('Hello')], contextOf({ include }));
      expect(stateOf(checkGrammar(asked).output[0])).toEqual({ response: 'resp_abc' });
    });
  });
});
