import { createHash } from 'node:crypto';
import type { ChatMessage } from '../../chat/chat-api.js';
import type { FieldRule } from '../rules/request-rules.js';

const SHORT = /^[a-zA-Z0-9]{9}$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * For vendors whose ids of tool calls have nine letters and digits: other ids become the same short
 * one wherever they stand. The vendor's own go out and come back as they are.
 */
export const SHORT_CALL_IDS: FieldRule = {
  kind: 'message',
  outcomes: ['passed', 'mapped'],
  note: 'ids of other forms are hashed to nine characters',
  convert: (message, edit, path) => {
    const isShort =
      (message.tool_call_id === undefined || SHORT.test(message.tool_call_id)) &&
      (message.tool_calls ?? []).every(({ id }) => SHORT.test(id));
    if (isShort) return message;
    edit.note('messages.tool_calls', 'mapped', path);
    return shorten(message);
  },
};

export function shortCallId(id: string): string {
  if (SHORT.test(id)) return id;
  const digest = createHash('sha256').update(id).digest();
  return [...digest.subarray(0, 9)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function shorten(message: ChatMessage): ChatMessage {
  const { tool_call_id: id, tool_calls: calls } = message;
  return {
    ...message,
    ...(id !== undefined && { tool_call_id: shortCallId(id) }),
    ...(calls && { tool_calls: calls.map((call) => ({ ...call, id: shortCallId(call.id) })) }),
  };
}
