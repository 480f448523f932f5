/** Digits enough to lose some in a double. */
const LONG_NUMBER = /\d{16}/;

/**
 * The arguments of a call as the object that Anthropic's clients get. Long numbers keep all their
 * digits when the object is written. What is no object, or was cut off, is kept within one.
 */
export function parseToolInput(text: string): object {
  if (text.trim() === '') return {};
  try {
    const input = parseExactly(text);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // The limit of tokens may fall anywhere.
  }
  return { arguments: text };
}

function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown) as unknown;
}

/** `source` and `rawJSON` are in the runtime, not yet in the compiler's library. */
function keepNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || source.length < 16) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
