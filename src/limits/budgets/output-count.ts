/** Characters of a token, as the ledger's estimates have it. */
const CHARACTERS_PER_TOKEN = 4;

/** Counts the tokens of a streamed answer while it goes by, without a tokenizer. */
export class OutputCount {
  #pieces = 0;
  #characters = 0;

  add(characters: number): void {
    if (characters === 0) return;
    this.#pieces += 1;
    this.#characters += characters;
  }

  /** A vendor sends no less than a token at a time. */
  get counted(): number {
    return Math.max(this.#pieces, this.#estimate);
  }

  /** Never less than what the ledger would estimate of a stream that is broken off. */
  tokens(vendorPerCounted: number): number {
    return Math.max(this.#estimate, Math.ceil(this.counted * vendorPerCounted));
  }

  get #estimate(): number {
    return Math.ceil(this.#characters / CHARACTERS_PER_TOKEN);
  }
}
