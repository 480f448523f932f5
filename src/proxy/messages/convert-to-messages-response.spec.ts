import { describe, expect, it } from 'vitest';
import type { ChatCompletion } from '../../providers/chat/chat-api.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import { convertToMessagesResponse } from './convert-to-messages-response.js';
import { readJsonWithAiSdk, readJsonWithAnthropicSdk } from './messages-grammar.contract.js';
import { parseReasoningState } from './reasoning-state.js';

const USAGE = {
  ...NO_USAGE,
  inputUncached: 10,
  cacheWrite1h: 5,
  inputImage: 2,
  outputText: 3,
  outputAudio: 1,
  webSearches: 1,
  serviceTier: 'default',
};

function answer(message: object, finishReason = 'stop'): ChatCompletion {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason: finishReason as 'stop',
      },
    ],
  };
}

const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'f', arguments: '{"id":12345678901234567890,"a":[1]}' },
};

describe(convertToMessagesResponse.name, () => {
  it('gives a text with its usage', () => {
    expect(convertToMessagesResponse(answer({ content: 'Hello' }), USAGE)).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 5,
        cache_read_input_tokens: 0,
        output_tokens: 4,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 5 },
        server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
        service_tier: 'standard',
      },
    });
  });

  it('orders reasoning, text and calls, and keeps every digit', () => {
    const message = { reasoning_content: 'hm', content: 'I look.', tool_calls: [CALL] };
    const response = convertToMessagesResponse(answer(message, 'tool_calls'), USAGE);

    expect(response.stop_reason).toBe('tool_use');
    expect(response.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use']);
    expect(JSON.stringify(response.content.at(-1))).toBe(
      '{"type":"tool_use","id":"call_1","name":"f","input":{"id":12345678901234567890,"a":[1]}}',
    );
  });

  it.each([
    ['', {}],
    ['{"x":', { arguments: '{"x":' }],
    ['[1]', { arguments: '[1]' }],
  ])('makes an object of the arguments %j', (text, input) => {
    const call = { ...CALL, function: { name: 'f', arguments: text } };
    const { content } = convertToMessagesResponse(answer({ tool_calls: [call] }, 'length'), USAGE);
    expect(content).toEqual([{ type: 'tool_use', id: 'call_1', name: 'f', input }]);
  });

  it('gives each piece that Anthropic signed its own block', () => {
    const piece = (text: string, index: number) => ({
      type: 'reasoning.text',
      text,
      signature: `c2ln${index}`,
      format: 'anthropic-claude-v1',
      index,
    });
    const hidden = {
      type: 'reasoning.encrypted',
      data: 'aGlk',
      format: 'anthropic-claude-v1',
      index: 1,
    };
    const { content } = convertToMessagesResponse(
      answer({
        reasoning_content: 'ab',
        reasoning_details: [piece('a', 0), hidden, piece('b', 2)],
      }),
      USAGE,
    );

    expect(content).toEqual([
      { type: 'thinking', thinking: 'a', signature: 'c2ln0' },
      { type: 'redacted_thinking', data: 'aGlk' },
      { type: 'thinking', thinking: 'b', signature: 'c2ln2' },
    ]);
  });

  it('keeps what belongs to a call in one block with the reasoning', () => {
    const extra = { google: { thought_signature: 'c2ln' } };
    const message = { reasoning_content: 'hm', tool_calls: [{ ...CALL, extra_content: extra }] };
    const [thinking, ...rest] = convertToMessagesResponse(answer(message), USAGE).content;

    expect(rest.map(({ type }) => type)).toEqual(['tool_use']);
    expect(thinking).toMatchObject({ type: 'thinking', thinking: 'hm' });
    const { signature } = thinking as { signature: string };
    expect(parseReasoningState(signature, 'hm')).toEqual({ calls: { call_1: extra } });
  });

  it('tells a refusal', () => {
    expect(convertToMessagesResponse(answer({ refusal: 'No.' }), USAGE)).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'No.' },
    });
  });

  it('gives an empty message for an answer without a choice', () => {
    const response = convertToMessagesResponse({ ...answer({}), choices: [] }, USAGE);
    expect(response).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });

  it('is read by the clients', async () => {
    const message = { reasoning_content: 'hm', content: 'I look.', tool_calls: [CALL] };
    const response = convertToMessagesResponse(answer(message, 'tool_calls'), USAGE);

    await expect(readJsonWithAnthropicSdk(200, response)).resolves.toMatchObject({
      stop_reason: 'tool_use',
      usage: { input_tokens: 12 },
    });
    const { content, finishReason } = await readJsonWithAiSdk(response);
    expect(finishReason.unified).toBe('tool-calls');
    expect(content.map(({ type }) => type)).toEqual(['reasoning', 'text', 'tool-call']);
  });
});
