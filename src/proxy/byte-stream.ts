import type { Response } from 'express';
import type { Flow } from '../providers/contract/flow.js';

/** The client's end of an answer that is passed on byte for byte, with back-pressure towards the upstream. */
export class ByteStream {
  #stall: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: Response,
    private readonly flow: Flow,
    /** How long a client may leave its socket full before it is closed. */
    private readonly stallMs: number,
  ) {}

  get opened(): boolean {
    return this.response.headersSent;
  }

  /**
   * Sends the status and headers. Without a length: that an answer is complete shows at its end,
   * which waits for the ledger.
   */
  open(headers: Readonly<Record<string, string>>): void {
    this.response.writeHead(200, headers);
    this.response.on('drain', this.#drained);
  }

  send(bytes: Buffer): void {
    if (this.response.destroyed || this.response.write(bytes)) return;
    this.flow.pause();
    this.#stall ??= setTimeout(() => this.abandon(), this.stallMs);
  }

  end(): void {
    this.#stop();
    if (this.response.destroyed) return;
    this.response.end();
    if (this.response.writableFinished) return;
    const stall = setTimeout(() => this.response.destroy(), this.stallMs);
    this.response.once('close', () => clearTimeout(stall));
  }

  /** Breaks off, so that nobody takes what was sent for the whole. */
  abandon(): void {
    this.#stop();
    this.response.destroy();
  }

  readonly #drained = (): void => {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.flow.resume();
  };

  #stop(): void {
    clearTimeout(this.#stall);
    this.response.off('drain', this.#drained);
  }
}
