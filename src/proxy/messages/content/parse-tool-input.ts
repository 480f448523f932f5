import { parseVerbatimJson } from '../../../common/json/parse-exact-json.js';

/**
 * The arguments of a call as the object that Anthropic's clients get. Long numbers keep all their
 * digits when the object is written. What is no object, or was cut off, is kept within one.
 */
export function parseToolInput(text: string): object {
  if (text.trim() === '') return {};
  try {
    const input = parseVerbatimJson(text);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // The limit of tokens may fall anywhere.
  }
  return { arguments: text };
}
