import type { Observable } from 'rxjs';
import type { ChatUsage } from '../chat/chat.js';
import type { Target } from './target.js';
import type { TokenUsage } from './token-usage.js';

/** What OpenAI's API has beside its models' conversations, and rerank, which many serve next to it. */
export type RelayedEndpoint =
  | 'images/generations'
  | 'images/edits'
  | 'audio/speech'
  | 'audio/transcriptions'
  | 'audio/translations'
  | 'moderations'
  | 'rerank';

/** A body that is too large to be held: it is read from somewhere while it is sent. */
export interface StreamedBody {
  readonly contentType: string;
  /** Bytes; undefined when nobody knows before the end. */
  readonly length: number | undefined;
  /**
   * Cold: nothing is read before the first `next`. What it throws is a `ProviderError`: `rejected`
   * when the body itself is at fault, `aborted` when its sender left.
   */
  read(): AsyncIterable<Buffer>;
}

/** A request that the vendor understands as it came, the model's name apart. */
export interface RelayRequest {
  readonly endpoint: RelayedEndpoint;
  /** JSON text, or an upload. */
  readonly body: string | StreamedBody;
}

/** An answer that is one text, held whole: JSON, or a transcript in another format. */
export interface RelayedDocument {
  readonly kind: 'document';
  /** As the vendor declared it. */
  readonly contentType: string;
  readonly isJson: boolean;
  readonly text: string;
  /** Absent when the vendor reported none. */
  readonly usage?: TokenUsage;
  readonly upstreamRequestId?: string;
}

/** One event of a streamed answer, in the vendor's own text. */
export interface RelayedRecord {
  readonly kind: 'record';
  /** Undefined where the vendor does not name its events. */
  readonly event: string | undefined;
  /** Without line breaks. */
  readonly data: string;
  /** Says that the answer, or one of several results, is complete. */
  readonly isFinal: boolean;
}

/** A piece of an answer that is neither text nor events, as it arrived. */
export interface RelayedBytes {
  readonly kind: 'bytes';
  /** As the vendor declared it; the same for all pieces of an answer. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** One document, or records, or bytes; then perhaps the usage. */
export type RelayStep = RelayedDocument | RelayedRecord | RelayedBytes | ChatUsage;

/** The endpoints of a vendor that are spoken to in the client's own words, there and back. */
export interface Relay {
  readonly endpoints: ReadonlySet<RelayedEndpoint>;
  /**
   * Cold, as `Provider.streamChat`: what the vendor answers with, in the form that it chose.
   * Completes only when the answer was whole, errors with `ProviderError`.
   */
  send(request: RelayRequest, target: Target): Observable<RelayStep>;
}
