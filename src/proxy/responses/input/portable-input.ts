import type { ResponsesItem } from '../responses-api.js';
import { findReasoningState } from '../reasoning-state.js';
import type { Translation } from './convert-parts.js';
import type { LocatedItem } from './resolve-input.js';

/** What any vendor of the Responses API can read, whoever wrote it. */
const PORTABLE = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'local_shell_call',
  'local_shell_call_output',
]);

/**
 * A conversation for a vendor of the Responses API that did not have all of it. What another one
 * thought it would refuse, and ids of another one it does not know.
 * @param own what the client itself sends; it may be the vendor's own, and goes along as it is
 */
export function portableInput(
  items: readonly LocatedItem[],
  own: ReadonlySet<ResponsesItem>,
  translation: Translation,
): ResponsesItem[] {
  return items.flatMap(({ item, path }) => {
    if (own.has(item) && !isThoughtHere(item)) return [item];
    const type = item.type ?? 'message';
    if (!PORTABLE.has(type)) {
      translation.note(`input.${type}`, 'dropped', path);
      return [];
    }
    const { id: _id, status: _status, ...members } = item;
    return [members];
  });
}

/** Whether it carries reasoning that the proxy sealed for a model of another dialect. */
export function isThoughtHere({ type, encrypted_content: encrypted }: ResponsesItem): boolean {
  return (
    type === 'reasoning' &&
    typeof encrypted === 'string' &&
    findReasoningState(encrypted) !== undefined
  );
}
