import type { JsonDocument } from '../../common/json/json-document.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest } from './chat-api.js';

/** What a client asked, in the canonical form, which is OpenAI's chat shape. */
export interface ChatRequest {
  /**
   * The body. On the identity path its text is what the client sent, unknown fields included,
   * with the model name and `stream_options` already put right by the pipeline.
   */
  readonly body: JsonDocument<ChatCompletionRequest>;
}

/** One whole answer. */
export interface ChatResponse {
  readonly body: JsonDocument<ChatCompletion>;
  /** Absent when the vendor reported none. */
  readonly usage?: TokenUsage;
  /** Characters of text, reasoning and tool arguments in the answer; the base of an estimate when `usage` is absent. */
  readonly characters: number;
  readonly upstreamRequestId?: string;
}

/** A step of a streamed answer: either a chunk for the client or, as last value, the usage. */
export type ChatChunk = ChatDelta | ChatUsage;

export interface ChatDelta {
  readonly kind: 'delta';
  /** A `chat.completion.chunk`; on the identity path its text is the vendor's own. */
  readonly body: JsonDocument<ChatCompletionChunk>;
  /**
   * The chunk has a `usage` object: `only` when it carries nothing else (empty `choices`), which
   * is forwarded to clients that asked for usage; `beside` when it rides on another chunk.
   */
  readonly usage: 'none' | 'only' | 'beside';
  /** Characters of text, reasoning and tool arguments in this chunk; the base of an estimate. */
  readonly characters: number;
}

export interface ChatUsage {
  readonly kind: 'usage';
  readonly usage: TokenUsage;
  /** It counts all that was told before it, also where the answer then broke off. */
  readonly isFinal?: boolean;
}
