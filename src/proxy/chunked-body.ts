import type { ServerResponse } from 'node:http';

const LAST_CHUNK = '0\r\n\r\n';

/**
 * A string that a socket has no room for is held in three bytes for each of its characters, until
 * the client reads it. Shorter ones seldom wait, and cost less as they are.
 */
const LONG_TEXT = 16_384;

/**
 * A body of many small pieces, each framed as HTTP/1.1 wants it in the text that it is part of.
 * Node writes the frame apart from what is in it, four writes for each piece, and a stream is
 * little else than its writes.
 */
export class ChunkedBody {
  readonly #isChunked: boolean;

  /** @param response whose head is written, and nothing of its body */
  constructor(private readonly response: ServerResponse) {
    // The answer to a client of HTTP/1.0 is not framed: it ends with its connection.
    this.#isChunked = response.chunkedEncoding;
    response.chunkedEncoding = false;
  }

  /** False when the client is slower than the writer, as `Writable.write`. */
  write(text: string): boolean {
    const piece = this.#isChunked ? framed(text) : text;
    return this.response.write(piece.length < LONG_TEXT ? piece : Buffer.from(piece));
  }

  end(text: string): void {
    this.response.end(this.#isChunked ? framed(text) + LAST_CHUNK : text);
  }
}

/** Nothing is no chunk: an empty one ends the body. */
function framed(text: string): string {
  return text === '' ? '' : `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
