import type { BodyKind } from './body-kinds.js';
import { GatheredText } from './gathered-text.js';

export interface BodyRecordParts {
  readonly requestId: string;
  readonly createdAt: number;
  readonly maxBytes: number;
  readonly keep: (record: BodyRecord) => void;
}

/** What is said in one request, up to a bound for each side of it. */
export class BodyRecord {
  readonly requestId: string;
  readonly createdAt: number;
  readonly texts = new Map<BodyKind, GatheredText>();
  readonly #maxBytes: number;
  readonly #keep: (record: BodyRecord) => void;

  constructor({ requestId, createdAt, maxBytes, keep }: BodyRecordParts) {
    this.requestId = requestId;
    this.createdAt = createdAt;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
  }

  clientSent(text: string): void {
    this.#begin('client_request').append(text);
  }

  /** Of several calls the last one counts. */
  readonly sentUpstream = (text: string): void => {
    this.#begin('upstream_request').append(text);
  };

  /** Another piece of what the client gets. */
  answered(text: string): void {
    (this.texts.get('answer') ?? this.#begin('answer')).append(text);
  }

  /** What the client is told in place of an answer; told in a stream it is part of that already. */
  failed(text: string): void {
    if (!this.texts.has('answer')) this.answered(text);
  }

  /** The request is over. */
  close(): void {
    this.#keep(this);
  }

  #begin(kind: BodyKind): GatheredText {
    const text = new GatheredText(this.#maxBytes);
    this.texts.set(kind, text);
    return text;
  }
}
