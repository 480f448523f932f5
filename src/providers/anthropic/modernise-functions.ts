import type {
  ChatCompletionRequest,
  ChatMessage,
  ChatTool,
  ChatToolCall,
} from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, objectsIn, textOf } from './anthropic-api.js';

/** A request without OpenAI's first form of tools, and whether it was written in it. */
export interface ModernRequest {
  readonly body: ChatCompletionRequest;
  /** The answer then has one `function_call` in place of `tool_calls`. */
  readonly usesFunctions: boolean;
}

export function moderniseFunctions(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): ModernRequest {
  const messages = moderniseMessages(body.messages, translation);
  const functions = objectsIn(body['functions']);
  if (functions.length === 0 || body.tools?.length) {
    if (functions.length > 0) translation.note('functions', 'dropped');
    return { body: { ...body, messages }, usesFunctions: false };
  }
  translation.note('functions', 'mapped');
  const choice = body['function_call'];
  if (choice != null) translation.note('function_call', 'mapped');
  const modern = {
    ...body,
    messages,
    tools: functions.map((tool) => ({ type: 'function', function: tool }) as unknown as ChatTool),
    tool_choice: isObject(choice) ? { type: 'function', function: choice } : choice,
    parallel_tool_calls: false,
  };
  return { body: modern, usesFunctions: true };
}

/** Functions were called one at a time and had no ids: a result belongs to the call before it. */
function moderniseMessages(
  messages: readonly ChatMessage[],
  translation: TranslationReport,
): ChatMessage[] {
  let lastId = '';
  return messages.map((message, index) => {
    const call = message['function_call'];
    if (message.role === 'assistant' && isObject(call)) {
      translation.note('messages.function', 'mapped', `messages[${index}].function_call`);
      lastId = `call_${index}`;
      const called: ChatToolCall = {
        id: lastId,
        type: 'function',
        function: { name: textOf(call['name']), arguments: textOf(call['arguments']) },
      };
      return { ...message, tool_calls: [called] };
    }
    if (message.role !== 'function') return message;
    translation.note('messages.function', 'mapped', `messages[${index}]`);
    return { ...message, role: 'tool', tool_call_id: lastId };
  });
}
