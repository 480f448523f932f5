import { isObject, objectsIn, type JsonObject } from '../openai-api.js';
import { put } from '../repair-message.js';
import { fillItem } from './fill-output-item.js';

/** What a response always has, and null where there is nothing to tell. */
export const NULLABLE = [
  'error',
  'incomplete_details',
  'instructions',
  'metadata',
  'temperature',
  'top_p',
] as const;

/**
 * Adds in place what OpenAI's description requires of a response, as far as it follows from what
 * the vendor says or is a plain "nothing". True when something was missing.
 */
export function fillResponse(response: JsonObject): boolean {
  let changed = false;
  for (const name of NULLABLE) {
    if (response[name] === undefined) changed = put(response, name, null);
  }
  for (const item of objectsIn(response['output'])) changed = fillItem(item) || changed;
  for (const tool of objectsIn(response['tools'])) changed = fillTool(tool) || changed;
  return changed;
}

/** `auto` is how OpenAI says that nobody named a container. */
function fillTool(tool: JsonObject): boolean {
  const isWhole = typeof tool['container'] === 'string' || isObject(tool['container']);
  if (tool['type'] !== 'code_interpreter' || isWhole) return false;
  return put(tool, 'container', { type: 'auto' });
}
