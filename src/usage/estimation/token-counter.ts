import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import type { Vocabulary } from './vocabulary.js';

const NO_RANK = 0x7fffffff;
const MOST_BYTES_PER_CODE_UNIT = 3;

const encoder = new TextEncoder();

/** Counts tokens of texts that are split into words as for the vocabulary o200k. */
export class TokenCounter {
  readonly #vocabulary: Vocabulary;
  /** Of the word that is being counted, as are the others. */
  #word = new Uint8Array(0);
  #end = 0;
  /** Where the part after the one that begins here begins. */
  #next = new Int32Array(0);
  /** Of the token that the part that begins here makes with the next one. */
  #ranks = new Int32Array(0);

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** What would be a special token is text like any other. */
  count(text: string): number {
    let tokens = 0;
    for (const [word] of text.matchAll(O200K_TOKEN_SPLIT_REGEX)) {
      this.#take(word);
      const isToken = this.#vocabulary.rankOf(this.#word, 0, this.#end) !== undefined;
      tokens += isToken ? 1 : this.#joined();
    }
    return tokens;
  }

  #take(word: string): void {
    const most = word.length * MOST_BYTES_PER_CODE_UNIT;
    if (this.#word.length < most) {
      this.#word = new Uint8Array(most * 2);
      this.#next = new Int32Array(most * 2);
      this.#ranks = new Int32Array(most * 2);
    }
    this.#end = encoder.encodeInto(word, this.#word).written;
  }

  /**
   * How many parts are left when the neighbours that make the token of the lowest rank have been
   * joined, the first ones first, until no two make one.
   */
  #joined(): number {
    for (let at = 0; at < this.#end; at += 1) this.#next[at] = at + 1;
    for (let at = 0; at < this.#end; at += 1) this.#ranks[at] = this.#rankAt(at);
    let parts = this.#end;
    for (;;) {
      const least = this.#leastRank();
      if (least === NO_RANK) return parts;
      parts -= this.#joinAll(least);
    }
  }

  /** Joins all that make the token of this rank, unless one of a lower rank comes of it. */
  #joinAll(rank: number): number {
    const [next, ranks] = [this.#next, this.#ranks];
    let joined = 0;
    let before = -1;
    for (let at = 0; at < this.#end; before = at, at = next[at] as number) {
      if (ranks[at] !== rank) continue;
      next[at] = next[next[at] as number] as number;
      joined += 1;
      ranks[at] = this.#rankAt(at);
      if (before >= 0) ranks[before] = this.#rankAt(before);
      const isLower =
        (ranks[at] as number) < rank || (before >= 0 && (ranks[before] as number) < rank);
      if (isLower) break;
    }
    return joined;
  }

  #leastRank(): number {
    let least = NO_RANK;
    for (let at = 0; at < this.#end; at = this.#next[at] as number) {
      least = Math.min(least, this.#ranks[at] as number);
    }
    return least;
  }

  #rankAt(at: number): number {
    const middle = this.#next[at] as number;
    if (middle >= this.#end) return NO_RANK;
    return this.#vocabulary.rankOf(this.#word, at, this.#next[middle] as number) ?? NO_RANK;
  }
}
