import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

// From the sources no ".js" can be imported; Node runs what lies there.
const extension = extname(import.meta.url);
const [{ TokenCounter }, { Vocabulary }] = await Promise.all([
  import(`./token-counter${extension}`) as Promise<typeof import('./token-counter.js')>,
  import(`./vocabulary${extension}`) as Promise<typeof import('./vocabulary.js')>,
]);

const O200K = new URL(import.meta.resolve('gpt-tokenizer/data/o200k_base.tiktoken'));
const counter = new TokenCounter(new Vocabulary(readFileSync(O200K)));

/** Of which each part of a word is looked at more than once. */
const SLICE = 2048;
/** How far back from the end of a slice a space is looked for, to cut between words. */
const WORD = 64;

/** Tokens of a text in the vocabulary o200k, counted slice by slice. */
export function countTokensInSlices(text: string): number {
  let tokens = 0;
  for (let start = 0; start < text.length;) {
    const end = endOfSlice(text, start);
    tokens += counter.count(text.slice(start, end));
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
