import OpenAI from 'openai';
import type {
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';

const THOUGHT = 'They want the weather.';
const SIGNATURE = 'c2lnbmVkIGJ5IHRoZSB2ZW5kb3I=';
const TOOL: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

interface Vendor {
  readonly instance: Record<string, unknown>;
  readonly model: string;
  /** What the request of the first turn asks for besides. */
  readonly asks?: Record<string, unknown>;
  /** An answer with reasoning and one call of the tool, whole and streamed. */
  readonly unary: object;
  readonly stream: FaultScript;
  /** An answer in words, whole. */
  readonly last: object;
  /** Where the vendor's own request has to carry the state, found in the second one. */
  readonly stateIn: (request: Record<string, unknown>) => unknown;
  readonly state: unknown;
}

type Json = Record<string, unknown>;
const list = (value: unknown): Json[] => value as Json[];

const chatEnvelope = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'm' };
const chatUsage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 };
const chatCall = {
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"Rome"}' },
};

function chatAnswer(message: object, finishReason: string) {
  return {
    ...chatEnvelope,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason },
    ],
    usage: chatUsage,
  };
}

function chatStream(...deltas: object[]): FaultScript {
  const chunk = (delta: object, finishReason: string | null = null) => ({
    ...chatEnvelope,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
  return {
    events: [
      chunk({ role: 'assistant', content: null }),
      ...deltas.map((delta) => chunk(delta)),
      chunk({ tool_calls: [{ index: 0, ...chatCall }] }),
      chunk({}, 'tool_calls'),
      { ...chatEnvelope, object: 'chat.completion.chunk', choices: [], usage: chatUsage },
    ],
    done: true,
  };
}

const chatLast = chatAnswer({ content: 'Sunny.' }, 'stop');
const DETAIL = {
  type: 'reasoning.text',
  text: THOUGHT,
  signature: SIGNATURE,
  format: 'anthropic-claude-v1',
  index: 0,
};

const claudeUsage = { input_tokens: 9, output_tokens: 7 };
const claude = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  stop_sequence: null,
};

const VENDORS: Record<string, Vendor> = {
  anthropic: {
    instance: { type: 'anthropic' },
    model: 'claude-sonnet-4-5',
    asks: { reasoning_effort: 'low', max_completion_tokens: 4096 },
    unary: {
      ...claude,
      content: [
        { type: 'thinking', thinking: THOUGHT, signature: SIGNATURE },
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
      ],
      stop_reason: 'tool_use',
      usage: claudeUsage,
    },
    stream: {
      named: true,
      events: [
        {
          type: 'message_start',
          message: { ...claude, content: [], stop_reason: null, usage: claudeUsage },
        },
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'thinking', thinking: '', signature: '' },
        },
        {
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'thinking_delta', thinking: THOUGHT },
        },
        {
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'signature_delta', signature: SIGNATURE },
        },
        { type: 'content_block_stop', index: 0 },
        {
          type: 'content_block_start',
          index: 1,
          content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
        },
        {
          type: 'content_block_delta',
          index: 1,
          delta: { type: 'input_json_delta', partial_json: '{"city":"Rome"}' },
        },
        { type: 'content_block_stop', index: 1 },
        {
          type: 'message_delta',
          delta: { stop_reason: 'tool_use', stop_sequence: null },
          usage: claudeUsage,
        },
        { type: 'message_stop' },
      ],
    },
    last: {
      ...claude,
      content: [{ type: 'text', text: 'Sunny.' }],
      stop_reason: 'end_turn',
      usage: claudeUsage,
    },
    stateIn: (request) => list(list(request['messages'])[1]?.['content'])[0],
    state: { type: 'thinking', thinking: THOUGHT, signature: SIGNATURE },
  },
  gemini: {
    instance: { type: 'gemini' },
    model: 'gemini-3-pro-preview',
    unary: geminiAnswer(),
    stream: { events: [geminiAnswer()] },
    last: {
      candidates: [
        { content: { role: 'model', parts: [{ text: 'Sunny.' }] }, finishReason: 'STOP', index: 0 },
      ],
      usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 7, totalTokenCount: 16 },
    },
    stateIn: (request) =>
      list(list(request['contents'])[1]?.['parts']).find((part) => 'functionCall' in part)?.[
        'thoughtSignature'
      ],
    state: SIGNATURE,
  },
  deepseek: {
    instance: { type: 'deepseek' },
    model: 'deepseek-reasoner',
    unary: chatAnswer(
      { content: '', reasoning_content: THOUGHT, tool_calls: [chatCall] },
      'tool_calls',
    ),
    stream: chatStream({ reasoning_content: THOUGHT }),
    last: chatLast,
    stateIn: (request) => list(request['messages'])[1]?.['reasoning_content'],
    state: THOUGHT,
  },
  openrouter: {
    instance: { type: 'openrouter' },
    model: 'anthropic/claude-sonnet-4.5',
    unary: chatAnswer(
      { content: null, reasoning: THOUGHT, reasoning_details: [DETAIL], tool_calls: [chatCall] },
      'tool_calls',
    ),
    stream: chatStream({ reasoning: THOUGHT, reasoning_details: [DETAIL] }),
    last: chatLast,
    stateIn: (request) => list(request['messages'])[1]?.['reasoning_details'],
    state: [DETAIL],
  },
  ollama: {
    instance: { type: 'ollama' },
    model: 'qwen3',
    unary: ollamaAnswer(),
    stream: { framing: 'ndjson', events: [ollamaAnswer()] },
    last: {
      model: 'qwen3',
      created_at: '2026-01-01T00:00:00Z',
      message: { role: 'assistant', content: 'Sunny.' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 9,
      eval_count: 7,
    },
    stateIn: (request) => list(request['messages'])[1]?.['thinking'],
    state: THOUGHT,
  },
};

function geminiAnswer() {
  return {
    candidates: [
      {
        content: {
          role: 'model',
          parts: [
            { text: THOUGHT, thought: true },
            {
              functionCall: { name: 'weather', args: { city: 'Rome' } },
              thoughtSignature: SIGNATURE,
            },
          ],
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 9,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 2,
      totalTokenCount: 16,
    },
  };
}

function ollamaAnswer() {
  return {
    model: 'qwen3',
    created_at: '2026-01-01T00:00:00Z',
    message: {
      role: 'assistant',
      content: '',
      thinking: THOUGHT,
      tool_calls: [{ function: { name: 'weather', arguments: { city: 'Rome' } } }],
    },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 9,
    eval_count: 7,
  };
}

let upstream: FaultUpstream;
let app: TestApp;
let client: OpenAI;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  const providers = Object.entries(VENDORS).map(([name, { instance }]) => ({
    name,
    ...instance,
    baseUrl: upstream.url,
    apiKey: `sk-${name}-0123456789abcdefghijklmnopqrst`,
    retries: { maxAttempts: 1 },
  }));
  app = await TestApp.start({ yaml: JSON.stringify({ providers }) });
  client = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: app.adminKey, maxRetries: 0 });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});

/** The message of the first turn, as the official SDK puts it together. */
async function firstTurn(name: string, stream: boolean): Promise<ChatCompletionMessage> {
  const { model, asks, unary, stream: streamed } = VENDORS[name]!;
  upstream.next(stream ? streamed : { body: unary });
  const request = {
    model: `${name}/${model}`,
    messages: [{ role: 'user' as const, content: `Weather in Rome? ${stream}` }],
    tools: [TOOL],
    ...asks,
  };
  const completion = stream
    ? await client.chat.completions.stream(request).finalChatCompletion()
    : await client.chat.completions.create(request);
  const { message, finish_reason: reason } = completion.choices[0]!;
  expect(reason).toBe('tool_calls');
  expect(message.tool_calls).toHaveLength(1);
  return message;
}

/** The state that the vendor gets back with the second turn. */
async function secondTurn(name: string, message: ChatCompletionMessageParam): Promise<unknown> {
  const { model, asks, last, stateIn } = VENDORS[name]!;
  upstream.next({ body: last });
  const [call] = (message as ChatCompletionMessage).tool_calls!;
  const completion = await client.chat.completions.create({
    model: `${name}/${model}`,
    messages: [
      { role: 'user', content: 'Weather in Rome?' },
      message,
      { role: 'tool', tool_call_id: call!.id, content: 'sunny' },
    ],
    tools: [TOOL],
    ...asks,
  });
  expect(completion.choices[0]!.message.content).toBe('Sunny.');
  return stateIn(JSON.parse(upstream.requests.at(-1)!.body) as Json);
}

describe.each(Object.keys(VENDORS))('a tool loop of two turns over %s', (name) => {
  describe.each([
    ['whole', false],
    ['streamed', true],
  ])('%s', (_, stream) => {
    it('carries the state for a client that kept the whole message', async () => {
      const message = await firstTurn(name, stream);
      expect(await secondTurn(name, message)).toEqual(VENDORS[name]!.state);
    });

    it('carries it for a client that kept only the text and the calls', async () => {
      const { content, tool_calls: calls } = await firstTurn(name, stream);
      const kept = calls!.map((call) => {
        if (call.type !== 'function') throw new Error('It is no function.');
        const { name: tool, arguments: input } = call.function;
        return { id: call.id, type: call.type, function: { name: tool, arguments: input } };
      });
      const message = { role: 'assistant' as const, content, tool_calls: kept };
      expect(await secondTurn(name, message)).toEqual(VENDORS[name]!.state);
    });
  });
});
