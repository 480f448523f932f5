/** Kept beyond the bound, so that what stands across it can be recognised before it is cut. */
const MARGIN = 4096;

/** The beginning of a text that arrives in pieces, and how long all of it is. */
export class GatheredText {
  readonly #pieces: string[] = [];
  #missing: number;
  #bytes = 0;

  /** @param maxBytes of UTF-8 that will be kept */
  constructor(maxBytes: number) {
    // No character is shorter than a byte.
    this.#missing = maxBytes + MARGIN;
  }

  /** Of everything that was added, in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  append(piece: string): void {
    this.#bytes += Buffer.byteLength(piece);
    if (this.#missing <= 0) return;
    const taken = piece.length > this.#missing ? piece.slice(0, this.#missing) : piece;
    this.#pieces.push(taken);
    this.#missing -= taken.length;
  }

  /** A little more than is to be kept, where there is more. */
  read(): string {
    return this.#pieces.join('');
  }
}

/** As much of a text as fits, in whole characters. */
export function beginningOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // In UTF-8 a byte that goes on with a character begins with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
