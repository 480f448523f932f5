import { describe, expect, it } from 'vitest';
import { scanObject } from '../common/json/json-text.js';
import { ChatInput } from './chat/chat-input.js';
import { CompletionsInput } from './completions/completions-input.js';
import { MessagesInput } from './messages/messages-input.js';
import { parseMessagesRequest } from './messages/parse-messages-request.js';
import { ResponsesInput } from './responses/responses-input.js';
import type { ResponseStore } from './responses/store/response-store.js';

function bodyOf(value: object) {
  const text = JSON.stringify(value);
  return { text, members: scanObject(text, { maxDepth: 64 }), value };
}

const messages = [{ role: 'user', content: 'hi' }];
const NO_STORE = { isOn: false, fits: () => false } as unknown as ResponseStore;

describe('the output that a request allows', () => {
  it.each([
    [{}, undefined],
    [{ max_tokens: 10 }, 10],
    [{ max_tokens: 10, max_completion_tokens: 20 }, 20],
    [{ max_tokens: 10, max_completion_tokens: null, n: 3 }, 30],
    [{ n: 3 }, undefined],
  ])('of chat: %j', (members, expected) => {
    const input = new ChatInput(bodyOf({ model: 'm', messages, ...members }));
    expect(input.maxOutputTokens).toBe(expected);
  });

  it.each([
    [{ prompt: 'a' }, 16],
    [{ prompt: 'a', max_tokens: 5, n: 2 }, 10],
    [{ prompt: 'a', max_tokens: 5, n: 2, best_of: 4 }, 20],
    [{ prompt: ['a', 'b'], max_tokens: 5, n: 2 }, 20],
    [{ prompt: [1, 2, 3], max_tokens: 5 }, 5],
    [{ prompt: [[1], [2]], max_tokens: 5 }, 10],
  ])('of completions: %j', (members, expected) => {
    const input = new CompletionsInput(bodyOf({ model: 'm', ...members }));
    expect(input.maxOutputTokens).toBe(expected);
  });

  it('of messages', () => {
    const body = bodyOf({ model: 'm', messages, max_tokens: 7 });
    expect(new MessagesInput(body, parseMessagesRequest(body.value)).maxOutputTokens).toBe(7);
  });

  it.each([
    [{}, undefined],
    [{ max_output_tokens: null }, undefined],
    [{ max_output_tokens: 9 }, 9],
  ])('of responses: %j', async (members, expected) => {
    const body = bodyOf({ model: 'm', input: 'hi', ...members });
    const input = await ResponsesInput.read(body, NO_STORE, 'client');
    expect(input.maxOutputTokens).toBe(expected);
  });
});
