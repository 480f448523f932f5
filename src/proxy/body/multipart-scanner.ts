import { MultipartError, parsePartHead, type PartHead } from './part-head.js';

/** Hears of the parts of a form in their order. Places are bytes from the start of the body. */
export interface MultipartListener {
  partBegan(head: PartHead, at: number): void;
  /** A piece of the current part's content; it is only valid during the call. */
  content(bytes: Buffer): void;
  partEnded(at: number): void;
}

const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 8 * 1024;
/** Spaces that may follow a boundary. */
const MAX_PADDING = 256;
const DASH = 0x2d;

type State = 'preamble' | 'delimiter' | 'head' | 'content' | 'epilogue';

/**
 * Finds the parts of a `multipart/form-data` body in pieces of any size, and holds no more of it
 * than a boundary or the headers of a part. The bytes themselves stay with the caller.
 */
export class MultipartScanner {
  readonly #delimiter: Buffer;
  #state: State = 'preamble';
  /** Not understood yet. Begins with the line break that the first boundary has before it. */
  #rest: Buffer = LINE_END;
  /** Of `#rest` in the body. */
  #at = -LINE_END.length;

  constructor(
    boundary: string,
    private readonly listener: MultipartListener,
  ) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** @throws MultipartError */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step());
  }

  /** @throws MultipartError when the form is not complete */
  end(): void {
    if (this.#state !== 'epilogue') throw new MultipartError('the form ends too early');
  }

  /** Whether it came further. */
  #step(): boolean {
    switch (this.#state) {
      case 'preamble':
        return this.#readPreamble();
      case 'delimiter':
        return this.#readDelimiter();
      case 'head':
        return this.#readHead();
      case 'content':
        return this.#readContent();
      case 'epilogue':
        this.#consume(this.#rest.length);
        return false;
    }
  }

  /** There is none: what stands before the first boundary would be read by some and not by others. */
  #readPreamble(): boolean {
    const length = Math.min(this.#rest.length, this.#delimiter.length);
    if (!this.#rest.subarray(0, length).equals(this.#delimiter.subarray(0, length))) {
      throw new MultipartError('the form does not begin with its boundary');
    }
    if (length < this.#delimiter.length) return false;
    this.#consume(length);
    this.#state = 'delimiter';
    return true;
  }

  #readDelimiter(): boolean {
    if (this.#rest.length < 2) return false;
    if (this.#rest[0] === DASH && this.#rest[1] === DASH) {
      this.#state = 'epilogue';
      return true;
    }
    const lineEnd = this.#rest.indexOf(LINE_END);
    const padding = this.#rest.subarray(0, lineEnd === -1 ? this.#rest.length : lineEnd);
    if (padding.length > MAX_PADDING || !/^[ \t]*\r?$/.test(padding.toString('latin1'))) {
      throw new MultipartError('a boundary is not alone on its line');
    }
    if (lineEnd === -1) return false;
    this.#consume(lineEnd + LINE_END.length);
    this.#state = 'head';
    return true;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(HEAD_END);
    if (end > MAX_HEAD_BYTES || (end === -1 && this.#rest.length > MAX_HEAD_BYTES)) {
      throw new MultipartError('a part of the form has too many headers');
    }
    if (end === -1) return false;
    const head = parsePartHead(this.#rest.toString('utf8', 0, end));
    this.#consume(end + HEAD_END.length);
    this.#state = 'content';
    this.listener.partBegan(head, this.#at);
    return true;
  }

  #readContent(): boolean {
    const end = this.#rest.indexOf(this.#delimiter);
    // The end of the piece may be the beginning of the boundary.
    const length = end === -1 ? this.#rest.length - this.#delimiter.length + 1 : end;
    if (length > 0) {
      this.listener.content(this.#rest.subarray(0, length));
      this.#consume(length);
    }
    if (end === -1) return false;
    this.listener.partEnded(this.#at);
    this.#consume(this.#delimiter.length);
    this.#state = 'delimiter';
    return true;
  }

  #consume(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.#at += length;
  }
}
