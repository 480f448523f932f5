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

/**
 * Reasoning under its other name, `reasoning`, gets the one that most clients read as well. True
 * when it did.
 */
export function nameReasoning(message: JsonObject): boolean {
  const { reasoning } = message;
  if (typeof reasoning !== 'string' || reasoning === '') return false;
  if (typeof message['reasoning_content'] === 'string') return false;
  return put(message, 'reasoning_content', reasoning);
}

/** Lists whose pieces strict clients join by an `index` of their own. */
const INDEXED_LISTS = ['reasoning_details', 'annotations', 'thinking_blocks', 'images'];

/** Numbers the pieces that came without; true when there were some. */
export function numberPieces(delta: JsonObject): boolean {
  let changed = false;
  for (const name of INDEXED_LISTS) {
    if (delta[name] === undefined) continue;
    objectsIn(delta[name]).forEach((piece, position) => {
      if (!Number.isInteger(piece['index'])) changed = put(piece, 'index', position);
    });
  }
  return changed;
}
