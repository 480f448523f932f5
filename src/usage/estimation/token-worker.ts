import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base';

/** Words that are remembered with their tokens; more would make the thread grow with what it has read. */
const REMEMBERED_WORDS = 10_000;
/** A word of one repeated character takes time by the square of its length. */
const SLICE = 2048;
/** How far back from the end of a slice a space is looked for, to cut between words. */
const WORD = 64;
/** What would be a special token is text when somebody says it. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

setMergeCacheSize(REMEMBERED_WORDS);

/** Tokens of a text in the vocabulary o200k, counted slice by slice. */
export function countTokensInSlices(text: string): number {
  let tokens = 0;
  for (let start = 0; start < text.length;) {
    const end = endOfSlice(text, start);
    tokens += countTokens(text.slice(start, end), AS_TEXT);
    start = end;
  }
  return tokens;
}

/** Before a space, which belongs to the word after it, and never inside a surrogate pair. */
function endOfSlice(text: string, start: number): number {
  const end = start + SLICE;
  if (end >= text.length) return text.length;
  const space = text.lastIndexOf(' ', end);
  if (space > end - WORD) return space;
  return (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end - 1 : end;
}

/** What the pool runs: the sum over the pieces of each list. */
export default function countEach(lists: readonly (readonly string[])[]): number[] {
  return lists.map((pieces) => pieces.reduce((sum, piece) => sum + countTokensInSlices(piece), 0));
}
