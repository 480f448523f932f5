import type { Response } from 'express';
import { setRequestId } from '../../common/http/request-context.js';

export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Of the request that was carried out; its row in the ledger is this answer's row too. */
  readonly requestId: string;
}

export type KeptAnswer = Omit<StoredAnswer, 'requestId'>;

/** What `IdempotentAnswer` asks of its store. */
export interface AnswerStore {
  /** `answer` is undefined when it is too large to be kept. */
  complete(requestId: string, answer: KeptAnswer | undefined): Promise<void>;
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
    setRequestId(response, stored.requestId);
    response
      .writeHead(stored.status, {
        'content-type': stored.contentType,
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

  /** The answer is no text: a repetition is told that it was carried out, and not what came of it. */
  cannotBeKept(): void {
    this.#tooLarge = true;
    this.#copy = '';
  }

  /**
   * Makes the answer the one that every repetition gets. Resolves when that is durable.
   * @param requestId of its row in the ledger
   * @throws ApiError `ledger_unavailable`; the key can then be released
   */
  async complete(contentType: string, requestId: string): Promise<void> {
    const body = this.#copy;
    const tooLarge = this.#tooLarge || Buffer.byteLength(body) > this.maxBytes;
    const answer = tooLarge ? undefined : { status: 200, contentType, body };
    await this.store.complete(requestId, answer);
    this.#closed = true;
  }

  /** Frees the key: a failed request may be tried again under the same one. */
  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.store.release();
  }
}
