/** In every supported Node, but not in TypeScript's library yet. */
interface ExactJson {
  rawJSON(text: string): unknown;
}

/** As many digits as a double may lose some of. */
const LONG_NUMBER = /\d{16}/;

/**
 * As `JSON.parse`, but integers that a double cannot hold keep their digits when the value is
 * written as JSON again. As numbers they are of no use: for values that are only handed on.
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const { source } = context ?? {};
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (source === undefined || !/^-?\d+$/.test(source)) return value;
  return (JSON as unknown as ExactJson).rawJSON(source);
}
