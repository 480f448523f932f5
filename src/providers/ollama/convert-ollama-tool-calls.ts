import { randomUUID } from 'node:crypto';
import type { ChatFunctionCall } from '../chat/chat-api.js';
import { isObject, objectsIn, textOf } from './ollama-api.js';

/** The vendor's calls, which come whole. Those without an id get one. */
export function convertOllamaToolCalls(calls: unknown): ChatFunctionCall[] {
  return objectsIn(calls).flatMap((call) => {
    const called = call['function'];
    if (!isObject(called)) return [];
    return {
      id: textOf(call['id']) || `call_${randomUUID().replaceAll('-', '')}`,
      type: 'function' as const,
      function: { name: textOf(called['name']), arguments: argumentsText(called['arguments']) },
    };
  });
}

/** JSON text of an object, which some servers have made already. */
function argumentsText(given: unknown): string {
  if (typeof given === 'string') return given.trim() === '' ? '{}' : given;
  return JSON.stringify(given ?? {});
}
