import type { Target } from '../contract/target.js';
import { mapOpenAiFinishReason } from './map-openai-finish-reason.js';
import {
  choicesOf,
  isObject,
  objectsIn,
  type JsonObject,
  type OpenAiChoice,
  type OpenAiChunk,
} from './openai-api.js';
import { Envelope } from './repair-envelope.js';
import { argumentsText, drop, flattenContent, nameReasoning, put } from './repair-message.js';

/**
 * Puts right in place what strict clients stumble over in a whole answer: missing id, object,
 * created, model, index, role, type, refusal or logprobs, calls that are null, arguments as an
 * object, content as a list, an unknown or missing finish reason. True when something was changed.
 */
export function repairChatCompletion(completion: OpenAiChunk, target: Target): boolean {
  let changed = new Envelope('chat.completion', target).repair(completion);
  choicesOf(completion).forEach((choice, position) => {
    changed = repairChoice(choice, position, target) || changed;
  });
  return changed;
}

function repairChoice(choice: OpenAiChoice, position: number, target: Target): boolean {
  let changed = !Number.isInteger(choice.index) && put(choice, 'index', position);
  if (!isObject(choice.message)) changed = put(choice, 'message', {});
  const message = choice.message as JsonObject;
  changed = put(message, 'role', 'assistant') || changed;
  changed = put(message, 'content', message['content'] ?? null) || changed;
  changed = put(message, 'refusal', message['refusal'] ?? null) || changed;
  changed = put(choice, 'logprobs', choice['logprobs'] ?? null) || changed;
  if (message['tool_calls'] === null) changed = drop(message, 'tool_calls');
  changed = flattenContent(message) || changed;
  changed = nameReasoning(message) || changed;

  const calls = objectsIn(message['tool_calls']);
  calls.forEach((call, index) => {
    changed = repairCall(call, `call_${target.requestId}_${position}_${index}`) || changed;
  });
  const reason = mapOpenAiFinishReason(choice.finish_reason) ?? 'stop';
  const calling = reason === 'stop' && calls.length > 0;
  return put(choice, 'finish_reason', calling ? 'tool_calls' : reason) || changed;
}

function repairCall(call: JsonObject, mintedId: string): boolean {
  let changed = put(call, 'type', call['type'] ?? 'function');
  if (typeof call['id'] !== 'string' || call['id'] === '') changed = put(call, 'id', mintedId);
  if (call['type'] !== 'function' || !isObject(call['function'])) return changed;
  const text = argumentsText(call['function']['arguments']) || '{}';
  return put(call['function'], 'arguments', text) || changed;
}
