import type { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { CompletionRecord } from '../../providers/completions/completions.js';
import type { AnswerEnd, AnswerWriter } from '../answer-stream.js';
import { ChatStream } from '../chat/chat-stream.js';
import type { EventStream } from '../event-stream.js';
import { CompletionChunks } from './completion-chunks.js';
import type { CompletionsInput } from './completions-input.js';

/**
 * Writes a stream of the older completions: the vendor's own chunks as they came, or those of a
 * chat in their form. Apart from the form, the rules are those of a chat stream.
 */
export class CompletionsStream implements AnswerWriter<ChatDelta | CompletionRecord> {
  readonly #stream: ChatStream;
  readonly #chunks: CompletionChunks;

  constructor(events: EventStream, input: CompletionsInput) {
    this.#stream = new ChatStream(events, input.wantsUsage);
    this.#chunks = new CompletionChunks(input);
  }

  delta(step: ChatDelta | CompletionRecord): void {
    const record = step.kind === 'record' ? step : this.#chunks.convert(step);
    if (record !== undefined) this.#stream.delta(record);
  }

  complete(end: AnswerEnd, beforeLast: () => Promise<void> | undefined): Promise<void> {
    const usage = this.#chunks.usage();
    if (usage !== undefined) this.#stream.delta(usage);
    return this.#stream.complete(end, beforeLast);
  }

  fail(error: ApiError): Promise<void> {
    return this.#stream.fail(error);
  }
}
