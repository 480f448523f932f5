import { VECTORS } from '../contract/describe-abilities.contract.js';
import type { HttpVendor, VendorAnswer } from '../contract/describe-provider.contract.js';

const ENVELOPE = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'model-2025-01-01' };
const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 9,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 0 },
};

export function completion(message: object, finishReason: string): object {
  return {
    ...ENVELOPE,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: USAGE,
  };
}

export function chunk(delta: object, finishReason: string | null = null): object {
  return {
    ...ENVELOPE,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  };
}

export const ROLE_CHUNK = chunk({ role: 'assistant', content: '', refusal: null });
export const USAGE_CHUNK = {
  ...ENVELOPE,
  object: 'chat.completion.chunk',
  choices: [],
  usage: USAGE,
};

export const TEXT: VendorAnswer = {
  unary: completion({ content: 'Hello "wörld" 🙂' }, 'stop'),
  stream: {
    events: [
      ROLE_CHUNK,
      chunk({ content: 'Hello' }),
      chunk({ content: ' "wörld"' }),
      chunk({ content: ' 🙂' }),
      chunk({}, 'stop'),
      USAGE_CHUNK,
    ],
    done: true,
  },
  expected: { text: 'Hello "wörld" 🙂', toolCalls: [], finishReason: 'stop', input: 20, output: 9 },
};

export const TOOLS: VendorAnswer = {
  unary: completion(
    {
      tool_calls: [
        {
          id: 'call_1',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":"Berlin"}' },
        },
        { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
      ],
    },
    'tool_calls',
  ),
  stream: {
    events: [
      chunk({
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            index: 0,
            id: 'call_1',
            type: 'function',
            function: { name: 'weather', arguments: '' },
          },
        ],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Berlin"}' } }] }),
      chunk({
        tool_calls: [
          { index: 1, id: 'call_2', type: 'function', function: { name: 'time', arguments: '' } },
        ],
      }),
      chunk({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
      chunk({}, 'tool_calls'),
      USAGE_CHUNK,
    ],
    done: true,
  },
  expected: {
    text: '',
    toolCalls: [
      { name: 'weather', arguments: { city: 'Berlin' } },
      { name: 'time', arguments: {} },
    ],
    finishReason: 'tool_calls',
    input: 20,
    output: 9,
  },
};

/** How an endpoint that keeps to OpenAI's protocol answers. */
export const OPENAI_VENDOR: HttpVendor = {
  kind: 'http',
  text: TEXT,
  tools: TOOLS,
  error: (status, message) => ({
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null },
  }),
  streamError: {
    error: { message: 'The server had an error', type: 'server_error', param: null, code: null },
  },
  embeddings: {
    answer: {
      object: 'list',
      data: VECTORS.map((embedding, index) => ({
        object: 'embedding',
        index,
        embedding,
      })).reverse(),
      model: 'vendor-model',
      usage: { prompt_tokens: 5, total_tokens: 5 },
    },
    input: 5,
  },
  models: {
    answer: {
      object: 'list',
      data: [
        { id: 'one', object: 'model', created: 1, owned_by: 'vendor' },
        { id: 'two', object: 'model', created: 2, owned_by: 'vendor' },
      ],
    },
    ids: ['one', 'two'],
  },
};
