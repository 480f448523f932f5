import type { ChatChunk } from '../chat/chat.js';
import { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { endedEarly, type StreamReader } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { createBlockReader } from './anthropic-block-readers.js';
import { isObject, objectsIn, type JsonObject } from './anthropic-api.js';
import type { AnswerForm } from './answer-form.js';
import {
  convertAnthropicUsage,
  estimateAnthropicUsage,
  mergeAnthropicUsage,
} from './convert-anthropic-usage.js';
import { convertEnvelope } from './convert-envelope.js';
import { findRefusal } from './find-refusal.js';
import { mapAnthropicFinishReason } from './map-anthropic-finish-reason.js';
import { readAnthropicRecord } from './read-anthropic-record.js';
import type { BlockReader, StreamedAnswer } from './streamed-answer.js';

export interface StreamReading {
  readonly target: Target;
  readonly form: AnswerForm;
  /** `stream_options.include_usage` of the request. */
  readonly wantsUsage: boolean;
}

/** Reads the records of one stream. */
export class AnthropicStreamReader implements StreamReader<ChatChunk> {
  /** `message_stop` was seen. */
  done = false;
  readonly countsOnlyBegun = true;
  #answer: StreamedAnswer | undefined;
  #hasContent = false;
  #usage: JsonObject = {};
  #isCounted = false;
  #characters = 0;
  #stopReason: unknown;
  readonly #blocks = new Map<unknown, BlockReader>();

  constructor(private readonly reading: StreamReading) {}

  /** None for a record that says nothing to the client. Throws a `ProviderError`. */
  read(event: ServerSentEvent): ChatChunk[] {
    const chunks = this.#convert(readAnthropicRecord(event, this.reading.target.instance));
    for (const chunk of chunks) if (chunk.kind === 'delta') this.#characters += chunk.characters;
    return chunks;
  }

  /** Nothing is left then. Throws a `ProviderError` unless `message_stop` was seen. */
  end(): ChatChunk[] {
    if (!this.done) throw endedEarly();
    return [];
  }

  /** What is known when the stream broke off. */
  countsSoFar(): ChatChunk[] {
    const usage = this.#isCounted
      ? convertAnthropicUsage(this.#usage)
      : estimateAnthropicUsage(this.#usage, this.#characters);
    return usage ? [{ kind: 'usage', usage, isFinal: true }] : [];
  }

  #convert(record: JsonObject): ChatChunk[] {
    switch (record['type']) {
      case 'message_start':
        return this.#start(isObject(record['message']) ? record['message'] : {});
      case 'content_block_start':
        return this.#startBlock(record['index'], record['content_block']);
      case 'content_block_delta': {
        const block = this.#blocks.get(record['index']);
        return block && isObject(record['delta']) ? block.delta(record['delta']) : [];
      }
      case 'content_block_stop':
        return this.#stopBlock(record['index']);
      case 'message_delta':
        return this.#finish(record);
      case 'message_stop':
        return this.#complete();
      default:
        return [];
    }
  }

  /**
   * Nothing is told yet: until there is content, the call may still go elsewhere. An answer that
   * only goes on from an earlier one may be in here whole.
   */
  #start(message: JsonObject): ChatChunk[] {
    if (this.#hasContent) {
      throw new ProviderError('invalid_response', 'The upstream began its answer a second time');
    }
    const { target, form, wantsUsage } = this.reading;
    this.#usage = mergeAnthropicUsage({}, message['usage']);
    this.#stopReason = message['stop_reason'];
    this.#answer = {
      writer: new ChatChunkWriter(convertEnvelope(message, target), wantsUsage),
      form,
      toolCalls: 0,
      reasoningDetails: 0,
      annotations: 0,
      text: 0,
      announcement: '',
      answered: false,
    };
    return objectsIn(message['content']).flatMap((block, index) => [
      ...this.#startBlock(index, block),
      ...this.#stopBlock(index),
    ]);
  }

  #startBlock(index: unknown, block: unknown): ChatChunk[] {
    const answer = this.#begun();
    const opening = this.#open(answer);
    if (!isObject(block)) return opening;
    const reader = createBlockReader(block, answer);
    if (!reader) return opening;
    this.#blocks.set(index, reader);
    return [...opening, ...reader.start(block)];
  }

  #stopBlock(index: unknown): ChatChunk[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    return block?.stop() ?? [];
  }

  #finish(record: JsonObject): ChatChunk[] {
    const answer = this.#begun();
    this.#usage = mergeAnthropicUsage(this.#usage, record['usage']);
    this.#isCounted ||= isObject(record['usage']);
    const delta = isObject(record['delta']) ? record['delta'] : {};
    this.#stopReason = delta['stop_reason'] ?? this.#stopReason;
    const chunks: ChatChunk[] = this.#open(answer);
    const refusal = findRefusal(delta['stop_reason'], delta['stop_details']);
    if (refusal !== undefined) chunks.push(answer.writer.refusal(refusal));
    return chunks;
  }

  #complete(): ChatChunk[] {
    const answer = this.#begun();
    this.done = true;
    const { writer, form, announcement } = answer;
    const chunks: ChatChunk[] = this.#open(answer);
    // No answer came through the tool, so this was one.
    if (announcement !== '' && !answer.answered) chunks.push(writer.text(announcement));
    const reason = mapAnthropicFinishReason(this.#stopReason, answer.toolCalls > 0);
    const isLegacy = form.usesFunctions && reason === 'tool_calls';
    chunks.push(writer.finish(isLegacy ? 'function_call' : reason));
    const usage = convertAnthropicUsage(this.#usage);
    return usage ? [...chunks, ...writer.usage(usage)] : chunks;
  }

  #open({ writer }: StreamedAnswer): ChatChunk[] {
    if (this.#hasContent) return [];
    this.#hasContent = true;
    return [writer.start()];
  }

  #begun(): StreamedAnswer {
    if (this.#answer) return this.#answer;
    throw new ProviderError(
      'invalid_response',
      'The upstream sent an answer without its beginning',
    );
  }
}
