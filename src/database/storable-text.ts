import { rawJson } from '../common/json/raw-json.js';

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair; both databases get U+FFFD in their place,
 * so that no text that a caller can send makes a row impossible to write.
 */
export function storableText(text: string): string {
  // The other half of the promise is kept by the way to UTF-8, which replaces half a pair by itself.
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

/** As `storableText`, for any JSON value and all text in it. Integers may be bigint. */
export function storableJson(value: unknown): string {
  const text = stringify(value);
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text;
  return text.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (match) =>
    match === '\\\\' ? match : '\ufffd',
  );
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'bigint' ? rawJson(String(member)) : member,
    );
  }
}
