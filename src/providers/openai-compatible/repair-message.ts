import { objectsIn, type JsonObject } from './openai-api.js';

/** Sets a member; true when that changed anything. */
export function put(object: JsonObject, name: string, value: unknown): boolean {
  if (object[name] === value) return false;
  object[name] = value;
  return true;
}

/** Takes a member away; true when it was there. */
export function drop(object: JsonObject, name: string): boolean {
  return name in object && delete object[name];
}

/** The text of tool arguments, which some vendors send as an object. Undefined when there are none. */
export function argumentsText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}

/**
 * Turns content that came as a list of parts into a string, and its thinking parts into
 * `reasoning_content`. True when it did.
 */
export function flattenContent(message: JsonObject): boolean {
  if (!Array.isArray(message['content'])) return false;
  const objects = objectsIn(message['content']);
  const thoughts = objects.filter((part) => part['type'] === 'thinking').map(thinkingOf);
  message['content'] = objects
    .filter((part) => part['type'] !== 'thinking')
    .map((part) => textOf(part['text']))
    .join('');
  const thought = thoughts.join('');
  if (thought !== '') {
    message['reasoning_content'] = textOf(message['reasoning_content']) + thought;
  }
  return true;
}

function thinkingOf(part: JsonObject): string {
  const { thinking } = part;
  if (!Array.isArray(thinking)) return textOf(thinking);
  return objectsIn(thinking)
    .map((piece) => textOf(piece['text']))
    .join('');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
