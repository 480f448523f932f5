/** Both are in every supported Node, but not yet in TypeScript's library. */
interface RawJson {
  rawJSON(text: string): unknown;
}

const LONG_NUMBER = /\d{16}/;

/**
 * Parses JSON so that it can be written again unchanged: integers that a double cannot hold, such
 * as ids in tool arguments, keep their digits.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits);
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }) {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  if (source === undefined || !/^-?\d+$/.test(source)) return value;
  return (JSON as unknown as RawJson).rawJSON(source);
}
