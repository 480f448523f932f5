import type { Observable } from 'rxjs';
import type { JsonDocument } from '../../common/json/json-document.js';
import type { ChatUsage } from '../chat/chat.js';
import type { ProviderInstance } from './provider-instance.js';
import type { Target } from './target.js';
import type { TokenUsage } from './token-usage.js';

/** A request in a dialect that the vendor speaks itself, as it came, the model's name apart. */
export interface NativeRequest {
  readonly body: JsonDocument<{ model: string; stream?: boolean | null; [key: string]: unknown }>;
}

/** One whole answer, in the vendor's own text. */
export interface NativeResponse {
  readonly body: JsonDocument<Record<string, unknown>>;
  /** Absent when the vendor reported none. */
  readonly usage?: TokenUsage;
  /** Characters of text, reasoning and tool arguments; the base of an estimate. */
  readonly characters: number;
  readonly upstreamRequestId?: string;
}

/** One event of a streamed answer, in the vendor's own text. */
export interface NativeRecord {
  readonly kind: 'record';
  readonly event: string;
  /** JSON without line breaks. */
  readonly data: string;
  /** `beside` when it tells what all before it used. */
  readonly usage: 'none' | 'beside';
  readonly characters: number;
}

/** A step of a streamed answer: an event for the client or, as last value, the usage. */
export type NativeChunk = NativeRecord | ChatUsage;

/**
 * How a vendor is spoken to in a client's own dialect: nothing is translated.
 * `Step` is what the dialect streams.
 */
export interface NativeDialect<Step = NativeRecord> {
  /** Rejects with `ProviderError`. */
  answer(request: NativeRequest, target: Target): Promise<NativeResponse>;
  /** How long the prompt is, in the vendor's own words. Rejects with `ProviderError`. */
  countTokens?(request: NativeRequest, target: Target): Promise<NativeResponse>;
  /** A conversation in fewer words, for this vendor only. Rejects with `ProviderError`. */
  compact?(request: NativeRequest, target: Target): Promise<NativeResponse>;
  /**
   * Cold, as `Provider.streamChat`: completes only when the answer was whole, errors with
   * `ProviderError`, gives the usage at most once and last.
   */
  stream(request: NativeRequest, target: Target): Observable<Step | ChatUsage>;
  /**
   * Whether an instance of the type can be asked so, for this model; each one can when absent.
   * Asked for each request, so it must be cheap.
   */
  isSpokenBy?(instance: ProviderInstance, model: string): boolean;
  /**
   * Has the vendor remove an answer that it keeps; for dialects whose answers are kept. Resolves
   * also when there is no such answer. Rejects with `ProviderError`.
   */
  forget?(id: string, target: Target): Promise<void>;
}
