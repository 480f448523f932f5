import type { ChatCustomCall, ChatToolCall } from '../../chat/chat-api.js';
import { isObject } from '../openai-api.js';
import type { FieldRule } from './request-rules.js';

/** Earlier calls of custom tools, as calls of functions with one text. */
export const CUSTOM_CALLS_AS_FUNCTIONS: FieldRule = {
  kind: 'message',
  outcomes: ['mapped'],
  note: 'as a function call with the argument input',
  convert: (message, edit, path) => {
    const calls = message.tool_calls;
    if (!Array.isArray(calls) || !calls.some(isCustom)) return message;
    const converted = calls.map((call, index): ChatToolCall => {
      if (!isCustom(call)) return call;
      const custom: Partial<ChatCustomCall['custom']> = isObject(call.custom) ? call.custom : {};
      edit.note('messages.tool_calls.custom', 'mapped', `${path}.tool_calls[${index}]`);
      return {
        id: call.id,
        type: 'function',
        function: {
          name: custom.name as string,
          arguments: JSON.stringify({ input: custom.input ?? '' }),
        },
      };
    });
    return { ...message, tool_calls: converted };
  },
};

/** Clients send anything. */
function isCustom(call: ChatToolCall): call is ChatCustomCall {
  return isObject(call) && call.type === 'custom';
}
