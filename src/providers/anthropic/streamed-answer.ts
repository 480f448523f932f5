import type { ChatDelta } from '../chat/chat.js';
import type { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import type { JsonObject } from './anthropic-api.js';
import type { AnswerForm } from './answer-form.js';

/** What the blocks of one streamed answer have in common. */
export interface StreamedAnswer {
  readonly writer: ChatChunkWriter;
  readonly form: AnswerForm;
  /** Calls that the client has to make. */
  toolCalls: number;
  reasoningDetails: number;
  annotations: number;
  /** Length of the text so far. */
  text: number;
  /** Text that may only announce the answer; kept back until it is clear. */
  announcement: string;
  answered: boolean;
}

/** Reads one block of an answer, record by record. */
export interface BlockReader {
  start(block: JsonObject): ChatDelta[];
  delta(delta: JsonObject): ChatDelta[];
  stop(): ChatDelta[];
}
