import { isObject, objectsIn, type JsonObject } from '../openai-api.js';
import { put } from '../repair-message.js';

const UNDERWAY: ReadonlySet<unknown> = new Set(['in_progress', 'searching']);

/** Adds in place what OpenAI's description requires of an item; true when something was missing. */
export function fillItem(item: JsonObject): boolean {
  switch (item['type']) {
    case 'message':
      return objectsIn(item['content']).reduce((changed, part) => fillPart(part) || changed, false);
    case 'web_search_call':
      return fillSearch(item);
    case 'code_interpreter_call':
      return fillCode(item);
    default:
      return false;
  }
}

/** The same for a part of a message. */
export function fillPart(part: JsonObject): boolean {
  const annotations = objectsIn(part['annotations']);
  return annotations.reduce((changed, each) => fillAnnotation(each) || changed, false);
}

/**
 * The same for a citation. The address stands in for a title that is not told, because clients show
 * the title as the text of the link, and an empty one could not be clicked. A citation without a
 * place covers no character: it belongs to the answer, and to nothing that could be pointed at.
 */
export function fillAnnotation(annotation: JsonObject): boolean {
  if (annotation['type'] !== 'url_citation') return false;
  const { title, url, start_index: start, end_index: end } = annotation;
  let changed = false;
  if (typeof title !== 'string' && typeof url === 'string') changed = put(annotation, 'title', url);
  if (typeof start !== 'number') changed = put(annotation, 'start_index', 0);
  if (typeof end !== 'number') changed = put(annotation, 'end_index', annotation['start_index']);
  return changed;
}

/** What was searched for stands in the arguments; while it is being searched, OpenAI has no action either. */
function fillSearch(call: JsonObject): boolean {
  if (isObject(call['action'])) return false;
  const { url, query } = argumentsOf(call);
  if (typeof url === 'string') return put(call, 'action', { type: 'open_page', url });
  if (typeof query === 'string') {
    return put(call, 'action', { type: 'search', query, queries: [query] });
  }
  return !UNDERWAY.has(call['status']) && put(call, 'action', { type: 'search' });
}

/** What ran stands in the arguments. No output is null; no container has no such word, so it is "". */
function fillCode(call: JsonObject): boolean {
  const { code } = argumentsOf(call);
  let changed = false;
  if (call['code'] === undefined) {
    changed = put(call, 'code', typeof code === 'string' ? code : null);
  }
  if (typeof call['container_id'] !== 'string') changed = put(call, 'container_id', '');
  if (call['outputs'] === undefined) changed = put(call, 'outputs', null);
  return changed;
}

/** A vendor's own form of a call: JSON in a string. Empty where there is none that can be read. */
function argumentsOf(call: JsonObject): JsonObject {
  if (typeof call['arguments'] !== 'string') return {};
  try {
    const value: unknown = JSON.parse(call['arguments']);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
