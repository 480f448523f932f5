import type { ChatCompletionUsage } from '../../src/providers/chat/chat-api.js';

/** A prompt that every chat model takes. */
export const HELLO = [{ role: 'user', content: 'Hello' }];

const ENVELOPE = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-test' };

export const USAGE: ChatCompletionUsage = {
  prompt_tokens: 9,
  completion_tokens: 4,
  total_tokens: 13,
};

/** A whole answer as OpenAI sends it. */
export function chatCompletion(content = 'Hi', usage: ChatCompletionUsage = USAGE): object {
  return {
    ...ENVELOPE,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  };
}

/** One chunk with this delta. */
export function chatChunk(delta: object, finishReason: string | null = null): object {
  return {
    ...ENVELOPE,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  };
}

/** The chunks of an answer in OpenAI's order, a text delta for each part, usage last. */
export function chatChunks(parts: readonly string[], usage: ChatCompletionUsage = USAGE): object[] {
  return [
    chatChunk({ role: 'assistant', content: '', refusal: null }),
    ...parts.map((content) => chatChunk({ content })),
    chatChunk({}, 'stop'),
    { ...ENVELOPE, object: 'chat.completion.chunk', choices: [], usage },
  ];
}
