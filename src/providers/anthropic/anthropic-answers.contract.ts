import type { HttpVendor, VendorAnswer } from '../contract/describe-provider.contract.js';

/** 20 tokens in, 9 out. */
export const USAGE = {
  input_tokens: 12,
  cache_creation_input_tokens: 5,
  cache_read_input_tokens: 3,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 1 },
  output_tokens: 9,
  output_tokens_details: { thinking_tokens: 2 },
  service_tier: 'standard',
};

export function message(content: object[], stopReason: string, rest: object = {}): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test-1',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: USAGE,
    ...rest,
  };
}

export const MESSAGE_START = {
  type: 'message_start',
  message: message([], '', { stop_reason: null, usage: { ...USAGE, output_tokens: 1 } }),
};
export const MESSAGE_STOP = { type: 'message_stop' };

export function messageDelta(
  stopReason: string | null,
  usage: object = { output_tokens: 9, output_tokens_details: { thinking_tokens: 2 } },
  rest: object = {},
): object {
  return {
    type: 'message_delta',
    delta: { stop_reason: stopReason, stop_sequence: null, ...rest },
    usage,
  };
}

/** A whole block: its start, what comes of it piece by piece, its end. */
export function block(index: number, contentBlock: object, deltas: object[] = []): object[] {
  return [
    { type: 'content_block_start', index, content_block: contentBlock },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export function textBlock(index: number, ...texts: string[]): object[] {
  const deltas = texts.map((text) => ({ type: 'text_delta', text }));
  return block(index, { type: 'text', text: '' }, deltas);
}

export function toolBlock(index: number, id: string, name: string, ...json: string[]): object[] {
  const deltas = json.map((text) => ({ type: 'input_json_delta', partial_json: text }));
  return block(index, { type: 'tool_use', id, name, input: {} }, deltas);
}

export function stream(blocks: object[], stopReason: string): object[] {
  return [MESSAGE_START, ...blocks, { type: 'ping' }, messageDelta(stopReason), MESSAGE_STOP];
}

const TEXT: VendorAnswer = {
  unary: message([{ type: 'text', text: 'Hello "wörld" 🙂' }], 'end_turn'),
  stream: {
    events: [
      MESSAGE_START,
      ...textBlock(0, 'Hello', ' "wörld"', ' 🙂'),
      { type: 'ping' },
      messageDelta('end_turn'),
      MESSAGE_STOP,
    ],
    named: true,
  },
  expected: { text: 'Hello "wörld" 🙂', toolCalls: [], finishReason: 'stop', input: 20, output: 9 },
};

const TOOLS: VendorAnswer = {
  unary: message(
    [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Berlin' } },
      { type: 'tool_use', id: 'toolu_2', name: 'time', input: {} },
    ],
    'tool_use',
  ),
  stream: {
    events: stream(
      [
        ...textBlock(0, 'Let me', ' see.'),
        ...toolBlock(1, 'toolu_1', 'weather', '', '{"city":', '"Berlin"}'),
        ...toolBlock(2, 'toolu_2', 'time', ''),
      ],
      'tool_use',
    ),
    named: true,
  },
  expected: {
    text: 'Let me see.',
    toolCalls: [
      { name: 'weather', arguments: { city: 'Berlin' } },
      { name: 'time', arguments: {} },
    ],
    finishReason: 'tool_calls',
    input: 20,
    output: 9,
  },
};

export const ANTHROPIC_VENDOR: HttpVendor = {
  kind: 'http',
  model: 'claude-sonnet-4-5',
  text: TEXT,
  tools: TOOLS,
  error: (status, text) => ({
    type: 'error',
    error: { type: status < 500 ? 'invalid_request_error' : 'api_error', message: text },
    request_id: 'req_1',
  }),
  streamError: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  models: {
    answer: {
      data: [
        { type: 'model', id: 'claude-opus-5', display_name: 'Claude Opus 5' },
        { type: 'model', id: 'claude-haiku-4-5', display_name: 'Claude Haiku 4.5' },
      ],
      has_more: false,
      last_id: 'claude-haiku-4-5',
    },
    ids: ['claude-opus-5', 'claude-haiku-4-5'],
  },
};
