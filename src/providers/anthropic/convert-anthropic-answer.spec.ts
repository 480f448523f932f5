import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { message } from './anthropic-answers.contract.js';
import { type AnswerForm, PLAIN_FORM } from './answer-form.js';
import { convertAnthropicAnswer } from './convert-anthropic-answer.js';
import { readAnthropicMessage } from './read-anthropic-message.js';

const CONTEXT = { model: 'asked', requestId: 'req_1' };

function convert(body: object, form: Partial<AnswerForm> = {}) {
  const response = convertAnthropicAnswer(body, { ...PLAIN_FORM, ...form }, CONTEXT);
  return { response, ...response.body.value.choices[0]! };
}

const use = (name: string, input: object) => ({ type: 'tool_use', id: 'toolu_1', name, input });
const text = (value: string) => ({ type: 'text', text: value });

describe(convertAnthropicAnswer, () => {
  it('has the envelope of a completion', () => {
    const { response } = convert(message([text('Hi')], 'end_turn'));
    expect(response.body.value).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: expect.closeTo(Date.now() / 1000, -1),
      model: 'claude-test-1',
      service_tier: 'default',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 9,
        total_tokens: 29,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    const bare = convert({ content: [text('Hi')] }).response;
    expect(bare.body.value).toMatchObject({ id: 'chatcmpl-req_1', model: 'asked' });
    expect([bare.usage, bare.characters]).toEqual([undefined, 2]);
  });

  it('tells the thinking as text, and in the form that has to come back', () => {
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'redacted_thinking', data: 'xyz' },
      text('Hi'),
    ];
    expect(convert(message(blocks, 'end_turn')).message).toMatchObject({
      content: 'Hi',
      reasoning_content: 'hm',
      reasoning_details: [
        {
          type: 'reasoning.text',
          text: 'hm',
          signature: 'sig',
          format: 'anthropic-claude-v1',
          index: 0,
        },
        { type: 'reasoning.encrypted', data: 'xyz', format: 'anthropic-claude-v1', index: 1 },
      ],
    });
  });

  it.each([
    [{ explanation: 'Not this.' }, 'Not this.'],
    [null, 'The model declined to answer this request.'],
  ])('tells a refusal with the details %j', (details, refusal) => {
    const answer = convert(message([], 'refusal', { stop_details: details }));
    expect(answer.message).toEqual({ role: 'assistant', content: null, refusal });
    expect(answer.finish_reason).toBe('content_filter');
  });

  it('tells where the text comes from', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example/', title: 'A' };
    const blocks = [text('It '), { ...text('rains.'), citations: [citation, citation, {}] }];
    expect(convert(message(blocks, 'end_turn')).message['annotations']).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.example/', title: 'A', start_index: 3, end_index: 9 },
      },
    ]);
  });

  it('keeps the vendor’s own tools to itself', () => {
    const blocks = [
      { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [] },
      { type: 'something_new' },
      text('Hi'),
    ];
    const answer = convert(message(blocks, 'end_turn'));
    expect(answer.message).toEqual({ role: 'assistant', content: 'Hi', refusal: null });
  });

  describe('through a tool that stands in for a format', () => {
    const form = { answerTool: 'json' };

    it('is the argument alone, and no call', () => {
      const blocks = [text('I will use the tool.'), use('json', { a: [1] })];
      const answer = convert(message(blocks, 'tool_use'), form);
      expect(answer.message).toEqual({ role: 'assistant', content: '{"a":[1]}', refusal: null });
      expect(answer.finish_reason).toBe('stop');
    });

    it('leaves another call a call, with what was said beside it', () => {
      const answer = convert(message([text('Let me see.'), use('f', {})], 'tool_use'), form);
      expect(answer.message).toMatchObject({ content: 'Let me see.', tool_calls: [{}] });
      expect(answer.finish_reason).toBe('tool_calls');
    });
  });

  it('unwraps the text for a custom tool', () => {
    const form = { customTools: new Set(['note']) };
    const answer = convert(
      message([use('note', { input: 'x = 1' }), use('f', {})], 'tool_use'),
      form,
    );
    expect(answer.message.tool_calls).toEqual([
      { id: 'toolu_1', type: 'custom', custom: { name: 'note', input: 'x = 1' } },
      { id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{}' } },
    ]);
    expect(answer.response.characters).toBe(7);
  });

  it('answers in OpenAI’s first form of tools', () => {
    const answer = convert(message([use('f', { a: 1 })], 'tool_use'), { usesFunctions: true });
    expect(answer.message).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      function_call: { name: 'f', arguments: '{"a":1}' },
    });
    expect(answer.finish_reason).toBe('function_call');
  });
});

describe(readAnthropicMessage, () => {
  const target = createTarget(createInstance('http://upstream.invalid'));

  it('keeps numbers that are too long for a double', () => {
    const input = '{"id":12345678901234567890,"at":1700000000000000}';
    const text = JSON.stringify(message([use('f', {})], 'tool_use')).replace(
      '"input":{}',
      `"input":${input}`,
    );
    const response = { status: 200, headers: { 'request-id': 'req_up' }, text };
    const { body, upstreamRequestId } = readAnthropicMessage(response, PLAIN_FORM, target);
    expect(body.value.choices[0]?.message.tool_calls?.[0]?.function?.arguments).toBe(input);
    expect(upstreamRequestId).toBe('req_up');
  });
});
