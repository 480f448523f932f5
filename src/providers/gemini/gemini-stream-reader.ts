import { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import type { ChatChunk, ChatDelta } from '../chat/chat.js';
import type { Target } from '../contract/target.js';
import type { TokenUsage } from '../contract/token-usage.js';
import { endedEarly, type StreamReader } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { GeminiChoiceWriter } from './gemini-choice-writer.js';
import { allowsEmptyAnswer } from './map-gemini-finish-reason.js';
import {
  candidatesOf,
  convertEnvelope,
  isBlocked,
  parseGeminiAnswer,
  withoutAnswer,
} from './read-gemini-answer.js';

/** Reads the records of one stream: each is a whole answer that holds only what is new. */
export class GeminiStreamReader implements StreamReader<ChatChunk> {
  /** The vendor has no record that ends an answer. */
  readonly done = false;
  #writer: ChatChunkWriter | undefined;
  readonly #choices = new Map<number, GeminiChoiceWriter>();
  #isBlocked = false;
  #counts: unknown;

  constructor(
    private readonly target: Target,
    private readonly wantsUsage: boolean,
  ) {}

  /** The counts are of the whole answer each time: the last ones hold. */
  get #usage(): TokenUsage | undefined {
    let searches = 0;
    for (const choice of this.#choices.values()) searches += choice.searches;
    return convertGeminiUsage(this.#counts, searches);
  }

  countsSoFar(): ChatChunk[] {
    const usage = this.#usage;
    return usage ? [{ kind: 'usage', usage }] : [];
  }

  /** Throws a `ProviderError`. */
  read({ data }: ServerSentEvent): ChatDelta[] {
    if (data.trim() === '') return [];
    const response = parseGeminiAnswer(data, this.target);
    const writer = (this.#writer ??= new ChatChunkWriter(
      convertEnvelope(response, this.target),
      this.wantsUsage,
    ));
    // A record may have a member for its counts and no counts in it.
    if (convertGeminiUsage(response.usageMetadata)) this.#counts = response.usageMetadata;
    this.#isBlocked ||= isBlocked(response);
    return candidatesOf(response).flatMap((candidate, position) => {
      const index = typeof candidate.index === 'number' ? candidate.index : position;
      return this.#choiceOf(index, writer).write(candidate);
    });
  }

  /** What is left when the stream is over. Throws unless the answer was whole. */
  end(): ChatChunk[] {
    const choices = [...this.#choices.values()];
    const writer = this.#writer;
    const isWhole = choices.every(({ finishReason }) => finishReason !== undefined);
    if (!writer || !isWhole || (choices.length === 0 && !this.#isBlocked)) {
      throw endedEarly();
    }
    const failed = choices.find(({ finishReason }) => !allowsEmptyAnswer(finishReason));
    if (failed && !choices.some(({ hasContent }) => hasContent)) {
      throw withoutAnswer(failed.finishReason);
    }
    const chunks: ChatChunk[] = choices.flatMap((choice) => choice.end());
    if (choices.length === 0) chunks.push(writer.start(), writer.finish('content_filter'));
    const usage = this.#usage;
    return usage ? [...chunks, ...writer.usage(usage)] : chunks;
  }

  #choiceOf(index: number, writer: ChatChunkWriter): GeminiChoiceWriter {
    const known = this.#choices.get(index);
    if (known) return known;
    const choice = new GeminiChoiceWriter(writer, index);
    this.#choices.set(index, choice);
    return choice;
  }
}
