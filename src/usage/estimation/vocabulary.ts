const NEWLINE = 0x0a;
const SPACE = 0x20;
const PADDING = 0x3d;
const NOT_YET = 0;

/**
 * A vocabulary of byte pair encoding in a few flat arrays: some 7 MB for 200,000 tokens, where a
 * string for each of them takes ten times as much.
 */
export class Vocabulary {
  /** One token after the other. */
  readonly #bytes: Uint8Array;
  /** Where the token of a rank begins; one more for the end of the last. */
  readonly #starts: Uint32Array;
  /** Ranks plus one at the hashes of their tokens, or at the next free place. */
  readonly #places: Uint32Array;

  /**
   * @param file lines of a token in base64, a space and its rank, which is the line's own number;
   *   the tokens are written over it
   */
  constructor(file: Uint8Array) {
    const lines = countLines(file);
    this.#bytes = file;
    this.#starts = new Uint32Array(lines + 1);
    // At most half full.
    this.#places = new Uint32Array(2 ** Math.ceil(Math.log2(2 * lines)));
    let end = 0;
    let at = 0;
    for (let rank = 0; rank < lines; rank += 1) {
      const next = file.indexOf(NEWLINE, at) + 1;
      end += decodeBase64(file, at, end);
      this.#starts[rank + 1] = end;
      this.#place(rank);
      at = next;
    }
  }

  /** The rank of the token that these bytes are; undefined when they are none. */
  rankOf(bytes: Uint8Array, from: number, to: number): number | undefined {
    const mask = this.#places.length - 1;
    for (let place = hashOf(bytes, from, to) & mask; ; place = (place + 1) & mask) {
      const known = this.#places[place] as number;
      if (known === NOT_YET) return undefined;
      if (this.#is(known - 1, bytes, from, to)) return known - 1;
    }
  }

  #is(rank: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[rank] as number;
    if ((this.#starts[rank + 1] as number) - start !== to - from) return false;
    for (let at = from; at < to; at += 1) {
      if (bytes[at] !== this.#bytes[start + at - from]) return false;
    }
    return true;
  }

  #place(rank: number): void {
    const mask = this.#places.length - 1;
    const start = this.#starts[rank] as number;
    let place = hashOf(this.#bytes, start, this.#starts[rank + 1] as number) & mask;
    while (this.#places[place] !== NOT_YET) place = (place + 1) & mask;
    this.#places[place] = rank + 1;
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  // The upper bits are the better mixed ones.
  return hash ^ (hash >>> 15);
}

function countLines(file: Uint8Array): number {
  let lines = 0;
  for (const byte of file) if (byte === NEWLINE) lines += 1;
  return lines;
}

const SIXES = new Uint8Array(128);
for (const [six, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  SIXES[character.charCodeAt(0)] = six;
}

/** From one place to one before it, up to the next space. Returns how many bytes were written. */
function decodeBase64(bytes: Uint8Array, from: number, to: number): number {
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let index = from; bytes[index] !== SPACE && bytes[index] !== PADDING; index += 1) {
    held = ((held << 6) | (SIXES[bytes[index] as number] as number)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to + written] = held >>> bits;
    written += 1;
  }
  return written;
}
