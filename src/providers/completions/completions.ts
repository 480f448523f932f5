import type { JsonDocument } from '../../common/json/json-document.js';
import type { Completion } from './completions-api.js';

/** A chunk of a completion that the vendor itself wrote, in its own text. */
export interface CompletionRecord {
  readonly kind: 'record';
  readonly body: JsonDocument<Completion>;
  /** As in `ChatDelta`. */
  readonly usage: 'none' | 'only' | 'beside';
  /** Of the text in this chunk; the base of an estimate. */
  readonly characters: number;
}
