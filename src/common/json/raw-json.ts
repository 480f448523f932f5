/** In every supported Node, but not in TypeScript's library yet. */
interface JsonWithRawText {
  rawJSON(text: string): unknown;
}

/**
 * A value that is written as the given text: a number of more digits than a double has. It is of no
 * use to those who read the value.
 */
export function rawJson(number: string): unknown {
  return (JSON as unknown as JsonWithRawText).rawJSON(number);
}
