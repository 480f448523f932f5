import type { JsonDocument } from '../../common/json/json-document.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { EmbeddingsList, EmbeddingsRequestBody } from './embeddings-api.js';

/** What a client asked, in OpenAI's shape, with the vendor's own model name. */
export interface EmbeddingsRequest {
  readonly body: JsonDocument<EmbeddingsRequestBody>;
}

export interface EmbeddingsResponse {
  /** In the encoding that was asked for, and in the order of the inputs. */
  readonly body: JsonDocument<EmbeddingsList>;
  /** Absent when the vendor reported none. */
  readonly usage?: TokenUsage;
  readonly upstreamRequestId?: string;
}
