import { VECTORS } from '../contract/describe-abilities.contract.js';
import type { HttpVendor, VendorAnswer } from '../contract/describe-provider.contract.js';

export const CREATED_AT = '2026-01-02T03:04:05.678901234Z';
export const CREATED = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

const COUNTERS = {
  total_duration: 4_883_583_458,
  load_duration: 1_334_875,
  prompt_eval_count: 26,
  prompt_eval_duration: 342_546_000,
  eval_count: 282,
  eval_duration: 4_535_599_000,
};

/** A line of a stream. */
export function line(message: object, rest: object = {}): object {
  return {
    model: 'llama3.2:latest',
    created_at: CREATED_AT,
    message: { role: 'assistant', content: '', ...message },
    done: false,
    ...rest,
  };
}

/** The last line of a stream, or a whole answer. */
export function lastLine(message: object = {}, rest: object = {}): object {
  return line(message, { done: true, done_reason: 'stop', ...COUNTERS, ...rest });
}

const CALLS = [
  { id: 'call_abc', function: { index: 0, name: 'weather', arguments: { city: 'Berlin' } } },
  { function: { name: 'time', arguments: {} } },
];

export const TEXT: VendorAnswer = {
  unary: lastLine({ content: 'Hello "wörld" 🙂' }),
  stream: {
    events: [
      line({ content: 'Hello' }),
      line({ content: ' "wö' }),
      line({ content: 'rld"' }),
      line({ content: ' 🙂' }),
      lastLine(),
    ],
    framing: 'ndjson',
  },
  expected: {
    text: 'Hello "wörld" 🙂',
    toolCalls: [],
    finishReason: 'stop',
    input: 26,
    output: 282,
  },
};

export const TOOLS: VendorAnswer = {
  unary: lastLine({ thinking: 'They ask for both.', tool_calls: CALLS }),
  stream: {
    events: [
      line({ thinking: 'They ask ' }),
      line({ thinking: 'for both.' }),
      line({ tool_calls: CALLS.slice(0, 1) }),
      line({ tool_calls: CALLS.slice(1) }),
      lastLine(),
    ],
    framing: 'ndjson',
  },
  expected: {
    text: '',
    toolCalls: [
      { name: 'weather', arguments: { city: 'Berlin' } },
      { name: 'time', arguments: {} },
    ],
    finishReason: 'tool_calls',
    input: 26,
    output: 282,
  },
};

export const OLLAMA_VENDOR: HttpVendor = {
  kind: 'http',
  text: TEXT,
  tools: TOOLS,
  error: (_status, message) => ({ error: message }),
  streamError: { error: 'an error was encountered while running the model' },
  embeddings: {
    answer: { model: 'model', embeddings: VECTORS, prompt_eval_count: 5 },
    input: 5,
  },
  models: {
    answer: { models: [{ name: 'qwen3:8b' }, { name: 'llama2:latest' }] },
    ids: ['qwen3:8b', 'llama2:latest'],
  },
};
