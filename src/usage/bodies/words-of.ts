const MOST_WORDS = 16;

/** The words of a search, without anything that a database would take for an operator. */
export function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS);
}
