import type { Response } from 'express';
import type { Flow } from '../providers/contract/flow.js';
import { ChunkedBody } from './chunked-body.js';

export interface EventStreamSettings {
  /** Longest silence before a comment is sent, so that no proxy in between closes the stream; 0 for none. */
  readonly keepAliveMs: number;
  /** How long a client may leave its socket full before it is closed. */
  readonly stallMs: number;
  /** Gets all that is sent, keep-alives apart. */
  readonly copy?: { append(text: string): void } | undefined;
  /** What is sent to keep the stream open; a comment when absent, which every reader skips. */
  readonly keepAlive?: EventFrame | undefined;
}

/** What one event says: its data, and its name where the dialect names events. No line breaks in either. */
export type EventFrame = string | { readonly event: string; readonly data: string };

const NOW = Promise.resolve();
const KEEP_ALIVE_COMMENT = ': keep-alive\n\n';

function textOf(frame: EventFrame): string {
  if (typeof frame === 'string') return `data: ${frame}\n\n`;
  return `event: ${frame.event}\ndata: ${frame.data}\n\n`;
}

/**
 * The client's end of a stream: server-sent events over a response, with back-pressure towards
 * the upstream, keep-alive comments, and one write for all that arrives in the same turn.
 */
export class EventStream {
  /** Undefined before it is opened. */
  #body: ChunkedBody | undefined;
  #pending = '';
  #flushing = false;
  #keepAlive: NodeJS.Timeout | undefined;
  #stall: NodeJS.Timeout | undefined;
  readonly #keepAliveText: string;

  constructor(
    private readonly response: Response,
    private readonly flow: Flow,
    private readonly settings: EventStreamSettings,
  ) {
    const { keepAlive } = settings;
    this.#keepAliveText = keepAlive === undefined ? KEEP_ALIVE_COMMENT : textOf(keepAlive);
  }

  get opened(): boolean {
    return this.response.headersSent;
  }

  /** Sends the status and headers; from here on every failure is told in-band. */
  open(headers: Readonly<Record<string, string>>): void {
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
      ...headers,
    });
    this.#body = new ChunkedBody(this.response);
    this.#scheduleKeepAlive();
    this.response.on('drain', this.#drained);
  }

  send(frame: EventFrame): void {
    this.#pending += textOf(frame);
    if (this.#flushing) return;
    this.#flushing = true;
    // `queueMicrotask` makes a resource for hooks each time, which costs as much as a small frame.
    void NOW.then(this.#flush);
  }

  /**
   * Sends what is left and ends the response. `beforeLast` runs between the last frames being
   * known and their being sent: what must be durable before a client sees the end goes there.
   */
  async end(
    lastFrames: readonly EventFrame[],
    beforeLast?: () => Promise<void> | undefined,
  ): Promise<void> {
    this.#flush();
    this.#stop();
    const text = lastFrames.map(textOf).join('');
    this.settings.copy?.append(text);
    await beforeLast?.();
    if (this.response.destroyed) return;
    // An answer without a single frame before its last ones was never opened.
    (this.#body ?? this.response).end(text);
    if (this.response.writableFinished) return;
    const stall = setTimeout(() => this.response.destroy(), this.settings.stallMs);
    this.response.once('close', () => clearTimeout(stall));
  }

  /** Frees timers and listeners of a response that is gone. */
  abandon(): void {
    this.#stop();
    this.response.destroy();
  }

  readonly #flush = (): void => {
    this.#flushing = false;
    const text = this.#pending;
    if (text === '') return;
    this.#pending = '';
    this.settings.copy?.append(text);
    if (this.response.destroyed) return;
    this.#keepAlive?.refresh();
    if (this.#body?.write(text) === false) this.#paused();
  };

  #paused(): void {
    this.flow.pause();
    this.#stall ??= setTimeout(() => this.abandon(), this.settings.stallMs);
  }

  readonly #drained = (): void => {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.flow.resume();
  };

  #scheduleKeepAlive(): void {
    const { keepAliveMs } = this.settings;
    if (keepAliveMs > 0) this.#keepAlive = setTimeout(() => this.#sendKeepAlive(), keepAliveMs);
  }

  #sendKeepAlive(): void {
    this.#scheduleKeepAlive();
    // A client that does not read would only pile these up.
    if (this.#stall === undefined && !this.response.destroyed)
      this.#body?.write(this.#keepAliveText);
  }

  #stop(): void {
    clearTimeout(this.#keepAlive);
    clearTimeout(this.#stall);
    this.response.off('drain', this.#drained);
  }
}
