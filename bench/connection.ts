import { connect, type Socket } from 'node:net';

/** Told what arrives for one request, in order; ends with exactly one of `end` and `fail`. */
export interface ResponseListener {
  head(status: number, head: string): void;
  /** Body bytes without transfer framing; valid during the call only. */
  body(bytes: Buffer): void;
  end(): void;
  fail(error: Error): void;
}

type State = 'idle' | 'head' | 'fixed' | 'until-close' | 'size' | 'chunk' | 'chunk-end' | 'trailer';

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_FEED = 10;
const MISFRAMED = 'The answer is not framed as HTTP asks.';

/**
 * One HTTP/1.1 keep-alive connection, one request at a time. A client library would spend more CPU
 * on a streamed chunk than the servers under test; this one only finds where the body is.
 */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #listener: ResponseListener | undefined;
  #state: State = 'idle';
  #pending: Buffer | undefined;
  #remaining = 0;
  #closeAfter = false;

  constructor(url: URL) {
    this.#host = url.hostname;
    this.#port = Number(url.port || 80);
  }

  /** `request` is the whole request, head and body. Connects when there is no open connection. */
  send(request: string, listener: ResponseListener): void {
    if (this.#listener !== undefined) throw new Error('The connection is busy.');
    this.#listener = listener;
    this.#state = 'head';
    const socket = this.#socket ?? this.#open();
    socket.write(request);
  }

  /** Leaves at once; a running request fails. */
  close(): void {
    this.#socket?.destroy();
    this.#fail(new Error('The client closed the connection.'));
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      if (this.#socket === socket) this.#read(bytes);
    });
    socket.on('error', (error) => this.#lost(socket, error));
    socket.on('close', () => this.#lost(socket, new Error('The server closed the connection.')));
    return socket;
  }

  #lost(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    if (this.#state === 'until-close') this.#finish();
    else this.#fail(error);
  }

  #fail(error: Error): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#state = 'idle';
    this.#pending = undefined;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.fail(error);
  }

  #finish(): void {
    this.#state = 'idle';
    if (this.#closeAfter) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.end();
  }

  #read(received: Buffer): void {
    let bytes = received;
    if (this.#pending !== undefined) {
      bytes = Buffer.concat([this.#pending, received]);
      this.#pending = undefined;
    }
    let offset = 0;
    while (offset < bytes.length && this.#state !== 'idle') {
      const next = this.#step(bytes, offset);
      if (next === undefined) {
        this.#pending = bytes.subarray(offset);
        return;
      }
      offset = next;
    }
  }

  /** Reads one element; undefined when it has not arrived whole. */
  #step(bytes: Buffer, offset: number): number | undefined {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, offset);
      case 'until-close':
        this.#listener?.body(bytes.subarray(offset));
        return bytes.length;
      case 'fixed':
      case 'chunk':
        return this.#readData(bytes, offset);
      default:
        return this.#readLine(bytes, offset);
    }
  }

  #readHead(bytes: Buffer, offset: number): number | undefined {
    const end = bytes.indexOf(HEAD_END, offset);
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', offset, end).toLowerCase();
    const status = Number(head.slice(9, 12));
    if (status === 100) return end + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    this.#closeAfter = head.includes('\r\nconnection: close');
    this.#remaining = Number(length ?? 0);
    if (/\r\ntransfer-encoding: *chunked/.test(head)) this.#state = 'size';
    else this.#state = length === undefined ? 'until-close' : 'fixed';
    this.#listener?.head(status, head);
    if (this.#state === 'fixed' && this.#remaining === 0) this.#finish();
    return end + HEAD_END.length;
  }

  #readData(bytes: Buffer, offset: number): number {
    const end = Math.min(bytes.length, offset + this.#remaining);
    this.#remaining -= end - offset;
    this.#listener?.body(bytes.subarray(offset, end));
    if (this.#remaining > 0) return end;
    if (this.#state === 'fixed') this.#finish();
    else if (this.#state === 'chunk') this.#state = 'chunk-end';
    return end;
  }

  #readLine(bytes: Buffer, offset: number): number | undefined {
    const end = bytes.indexOf(LINE_FEED, offset);
    if (end < 0) return undefined;
    const line = bytes.toString('latin1', offset, end).trimEnd();
    if (this.#state === 'size') this.#expectChunk(Number.parseInt(line, 16));
    else if (this.#state === 'trailer' && line === '') this.#finish();
    else if (this.#state === 'chunk-end' && line === '') this.#state = 'size';
    else if (this.#state === 'chunk-end') this.#fail(new Error(MISFRAMED));
    return end + 1;
  }

  #expectChunk(length: number): void {
    if (Number.isNaN(length)) {
      this.#fail(new Error(MISFRAMED));
      return;
    }
    this.#remaining = length;
    this.#state = length === 0 ? 'trailer' : 'chunk';
  }
}
