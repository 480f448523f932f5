import { describe, expect, it } from 'vitest';
import type { ChatCompletionRequest } from './chat-api.js';
import { CHAT_FIELD_SAMPLES } from './chat-field-samples.contract.js';
import { CHAT_FIELDS } from './chat-fields.js';
import { findChatFields } from './find-chat-fields.js';

function requestWith(more: Partial<ChatCompletionRequest>): ChatCompletionRequest {
  return { model: 'model', messages: [{ role: 'user', content: 'Hello' }], ...more };
}

describe(findChatFields.name, () => {
  const told = CHAT_FIELDS.filter((field) => field !== 'stream' && field !== 'stream_options');

  it.each(told)('finds %s', (field) => {
    const found = findChatFields(requestWith(CHAT_FIELD_SAMPLES[field]));
    expect(found.map((each) => each.field)).toContain(field);
  });

  it('names what is not documented', () => {
    const found = findChatFields(requestWith({ wish: 'luck', model: 'model' }));
    expect(found).toContainEqual({ field: 'wish', path: 'wish' });
  });

  it.each([
    { n: 1 },
    { logprobs: false },
    { stop: null },
    { presence_penalty: 0 },
    { tools: [] },
    { stream: false },
  ])('finds nothing in %j', (more) => {
    const found = findChatFields(requestWith(more));
    expect(found).toEqual([{ field: 'messages.text', path: 'messages[0].content' }]);
  });

  it('tells where a part stands', () => {
    const { messages } = CHAT_FIELD_SAMPLES['messages.image_url.detail'];
    const found = findChatFields(
      requestWith({ messages: [{ role: 'system', content: 'x' }, ...messages!] }),
    );
    expect(found).toContainEqual({
      field: 'messages.image_url.data',
      path: 'messages[1].content[1]',
    });
  });
});
