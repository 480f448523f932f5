import type { Response } from 'express';

export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Of the request that was carried out; its row in the ledger is this answer's row too. */
  readonly requestId: string;
}

/** What `IdempotentAnswer` asks of its store. */
export interface AnswerStore {
  complete(answer: Omit<StoredAnswer, 'requestId'> | undefined): Promise<void>;
  release(): Promise<void>;
}

/** The claim of one request on its idempotency key: either there is an answer, or this one makes it. */
export class IdempotentAnswer {
  #copy = '';
  #tooLarge = false;
  #closed = false;

  constructor(
    private readonly stored: StoredAnswer | undefined,
    private readonly store: AnswerStore,
    private readonly maxBytes: number,
  ) {}

  /** Sends the answer that was given before, if there is one. */
  replay(response: Response): boolean {
    const { stored } = this;
    if (stored === undefined) return false;
    response
      .writeHead(stored.status, {
        'content-type': stored.contentType,
        'x-request-id': stored.requestId,
        'idempotent-replayed': 'true',
      })
      .end(stored.body);
    return true;
  }

  /** Keeps what a stream sends, up to the limit. */
  append(text: string): void {
    if (this.#tooLarge) return;
    this.#copy += text;
    if (this.#copy.length > this.maxBytes) {
      this.#tooLarge = true;
      this.#copy = '';
    }
  }

  /** Makes the answer the one that every repetition gets. Resolves when that is durable. */
  async complete(contentType: string): Promise<void> {
    this.#closed = true;
    const body = this.#copy;
    const tooLarge = this.#tooLarge || Buffer.byteLength(body) > this.maxBytes;
    await this.store.complete(tooLarge ? undefined : { status: 200, contentType, body });
  }

  /** Frees the key: a failed request may be tried again under the same one. */
  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.store.release();
  }
}
