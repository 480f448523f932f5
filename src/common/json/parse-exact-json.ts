import { rawJson } from './raw-json.js';

/** As many digits as a double may lose some of. */
const LONG_NUMBER = /\d{16}/;
const SHORTEST_LONG_NUMBER = 16;
const INTEGER = /^-?\d+$/;

/**
 * As `JSON.parse`, but integers that a double cannot hold, such as ids in tool arguments, keep
 * their digits when the value is written as JSON again. As numbers they are of no use; all other
 * numbers are numbers.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepIntegers) : JSON.parse(text);
}

/**
 * As `parseExactJson`, and fractions keep their digits too: for values that are only handed on.
 * @throws SyntaxError
 */
export function parseVerbatimJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepNumbers) : JSON.parse(text);
}

function keepIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return source !== undefined && INTEGER.test(source) ? rawJson(source) : value;
}

function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? '';
  if (typeof value !== 'number' || source.length < SHORTEST_LONG_NUMBER) return value;
  return String(value) === source ? value : rawJson(source);
}
