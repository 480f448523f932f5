import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChunk, ChatDelta } from '../chat/chat.js';
import type { ChatCompletionChunk } from '../chat/chat-api.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { TokenUsage } from '../contract/token-usage.js';
import { parseInBandError } from '../upstream/parse-upstream-error.js';
import { endedEarly, type StreamReader } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { ChunkTemplate } from './chunk-template.js';
import { refuseFailure } from './map-openai-finish-reason.js';
import { choicesOf, isObject, usageOf, type OpenAiChunk } from './openai-api.js';
import {
  CHAT_TEXT,
  collectIndexes,
  hasMember,
  saysSomething,
  type ChunkText,
} from './scan-chunk.js';

/** Puts the chunks of one stream right; made anew for each. */
export interface ChunkRepair {
  /** Whether this chunk has to be parsed for a closer look. Must be cheap: it sees every chunk. */
  suspects(json: string): boolean;
  /** Whether this chunk is kept from the client, and what it says told with the next one. */
  holdsBack?(chunk: OpenAiChunk): boolean;
  /** Changes the chunk in place; true when it did. */
  repair(chunk: OpenAiChunk): boolean;
  /** A chunk that the vendor owes at the end of a stream that is otherwise whole. */
  missingEnd(): OpenAiChunk | undefined;
}

export interface StreamReading {
  readonly instance: ProviderInstance;
  readonly convertUsage: (raw: unknown, serviceTier: unknown) => TokenUsage | undefined;
  /** Finish reasons that say that the vendor failed. */
  readonly failures?: ReadonlySet<string>;
  readonly repair?: ChunkRepair;
  /** Where the chunks have their text; as in chat when absent. */
  readonly text?: ChunkText;
}

/**
 * Reads the records of one stream. Only the chunks that say more than text are parsed; of the
 * others the text is handed on as it came.
 */
export class OpenAiStreamReader implements StreamReader<ChatChunk> {
  /** `[DONE]` was seen. */
  done = false;
  #chunks = 0;
  /** Of the last chunk that had nothing but text to say. */
  #template: ChunkTemplate | undefined;
  #usage: TokenUsage | undefined;
  readonly #knownIndexes = new Set<number>();
  readonly #startedChoices = new Set<unknown>();
  readonly #endedChoices = new Set<unknown>();
  readonly #reading: StreamReading;
  readonly #text: ChunkText;

  constructor(reading: StreamReading) {
    this.#reading = reading;
    this.#text = reading.text ?? CHAT_TEXT;
  }

  /** What the vendor counted so far; of several counts the last holds. */
  countsSoFar(): ChatChunk[] {
    return this.#usage ? [{ kind: 'usage', usage: this.#usage }] : [];
  }

  /** Undefined for a record that is no chunk. Throws a `ProviderError`. */
  read(event: ServerSentEvent): ChatDelta | undefined {
    const characters = this.#template?.match(event.data) ?? -1;
    if (characters >= 0) return plainDelta(event.data, characters);
    const json = event.data.trim();
    if (json === '') return undefined;
    if (json === '[DONE]') {
      this.done = true;
      return undefined;
    }
    if (!json.startsWith('{') || !json.endsWith('}')) throw unreadable();
    this.#chunks += 1;
    if (event.event !== 'error') {
      if (this.#needsParsing(json)) return this.#inspect(json);
      this.#template = ChunkTemplate.of(json, this.#text) ?? this.#template;
      return plainDelta(json, this.#text.countCharacters(json));
    }
    throw (
      parseInBandError({ ...parse(json), type: 'error' }, this.#reading.instance) ??
      new ProviderError('failed', 'The upstream reported an error instead of an answer')
    );
  }

  /** The chunks that are left when the stream is over. Throws unless the answer was whole. */
  end(): ChatChunk[] {
    if (this.#chunks === 0) {
      throw new ProviderError('invalid_response', 'The upstream sent a stream without content');
    }
    if (!this.done && !this.#everyChoiceEnded()) throw endedEarly();
    const missing = this.#reading.repair?.missingEnd();
    if (!missing) return this.countsSoFar();
    const body = JsonDocument.fromValue(missing as unknown as ChatCompletionChunk);
    return [{ kind: 'delta', body, usage: 'none', characters: 0 }, ...this.countsSoFar()];
  }

  #needsParsing(json: string): boolean {
    const showsAnotherIndex = collectIndexes(json, this.#knownIndexes);
    return (
      showsAnotherIndex ||
      !hasMember(json, 'choices"') ||
      this.#chunks === 1 ||
      saysSomething(json, 'finish_reason"') ||
      saysSomething(json, 'usage"') ||
      saysSomething(json, 'error"') ||
      (this.#reading.repair?.suspects(json) ?? false)
    );
  }

  #inspect(json: string): ChatDelta | undefined {
    const chunk: OpenAiChunk = parse(json);
    // Ahead of the error, which may have told what was used until then.
    const counts = usageOf(chunk);
    this.#usage = this.#reading.convertUsage(counts, chunk.service_tier) ?? this.#usage;
    const error = parseInBandError(chunk, this.#reading.instance);
    if (error) throw error;
    if (this.#reading.repair?.holdsBack?.(chunk)) return undefined;

    const choices = choicesOf(chunk);
    for (const choice of choices) refuseFailure(choice.finish_reason, this.#reading.failures);
    const repaired = this.#reading.repair?.repair(chunk) ?? false;
    for (const choice of choices) {
      this.#startedChoices.add(choice.index);
      if (choice.finish_reason) this.#endedChoices.add(choice.index);
    }

    const value = chunk as unknown as ChatCompletionChunk;
    return {
      kind: 'delta',
      body: repaired ? JsonDocument.fromValue(value) : JsonDocument.fromBoth(json, value),
      usage: !isObject(counts) ? 'none' : choices.length === 0 ? 'only' : 'beside',
      characters: this.#text.countCharacters(json),
    };
  }

  #everyChoiceEnded(): boolean {
    const started = [...this.#startedChoices];
    return started.length > 0 && started.every((index) => this.#endedChoices.has(index));
  }
}

function plainDelta(json: string, characters: number): ChatDelta {
  return { kind: 'delta', body: JsonDocument.fromText(json), usage: 'none', characters };
}

function parse(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream sent a chunk that cannot be read', {
    cause,
  });
}
