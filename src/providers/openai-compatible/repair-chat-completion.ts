import type { Target } from '../contract/target.js';
import { mapOpenAiFinishReason } from './map-openai-finish-reason.js';
import {
  choicesOf,
  isObject,
  type JsonObject,
  type OpenAiChoice,
  type OpenAiChunk,
} from './openai-api.js';
import { Envelope } from './repair-envelope.js';
import { argumentsText, flattenContent } from './repair-message.js';

/**
 * Puts right in place what strict clients stumble over in a whole answer: missing id, object,
 * created, model, index, role or type, arguments as an object, content as a list, an unknown or
 * missing finish reason. True when something was changed.
 */
export function repairChatCompletion(completion: OpenAiChunk, target: Target): boolean {
  let changed = new Envelope('chat.completion', target).repair(completion);
  choicesOf(completion).forEach((choice, position) => {
    const before = JSON.stringify(choice);
    repairChoice(choice, position, target);
    changed = JSON.stringify(choice) !== before || changed;
  });
  return changed;
}

function repairChoice(choice: OpenAiChoice, position: number, target: Target): void {
  if (!Number.isInteger(choice.index)) choice.index = position;
  const message = isObject(choice.message) ? choice.message : {};
  choice.message = message;
  message['role'] = 'assistant';
  message['content'] ??= null;
  flattenContent(message);
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isObject) : [];
  calls.forEach((call, index) => repairCall(call, `call_${target.requestId}_${position}_${index}`));
  const reason = mapOpenAiFinishReason(choice.finish_reason) ?? 'stop';
  choice.finish_reason = reason === 'stop' && calls.length > 0 ? 'tool_calls' : reason;
}

function repairCall(call: JsonObject, mintedId: string): void {
  call['type'] ??= 'function';
  if (typeof call['id'] !== 'string' || call['id'] === '') call['id'] = mintedId;
  if (call['type'] !== 'function' || !isObject(call['function'])) return;
  call['function']['arguments'] = argumentsText(call['function']['arguments']) || '{}';
}
