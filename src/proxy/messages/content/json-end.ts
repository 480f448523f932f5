const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Finds the end of an object or array that arrives in pieces, looking at each character once. */
export class JsonEnd {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #reached = false;

  /** Whether the value is closed with what has been read so far. */
  get reached(): boolean {
    return this.#reached;
  }

  read(text: string): void {
    for (let at = 0; at < text.length && !this.#reached; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#inString) this.#readInString(code);
      else this.#readOutside(code);
    }
  }

  #readInString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #readOutside(code: number): void {
    if (code === QUOTE) this.#inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      this.#depth -= 1;
      this.#reached = this.#depth <= 0;
    }
  }
}
