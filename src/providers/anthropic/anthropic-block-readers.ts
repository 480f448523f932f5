import type { ChatDelta } from '../chat/chat.js';
import { objectsIn, textOf, type JsonObject } from './anthropic-api.js';
import { createToolReader } from './anthropic-tool-readers.js';
import { convertCitations } from './convert-citations.js';
import { fromRedactedThinking, fromThinking } from './convert-reasoning.js';
import type { BlockReader, StreamedAnswer } from './streamed-answer.js';

/** Undefined for a block that says nothing to a client, such as a search's results. */
export function createBlockReader(
  block: JsonObject,
  answer: StreamedAnswer,
): BlockReader | undefined {
  switch (block['type']) {
    case 'text':
      return new TextReader(answer);
    case 'thinking':
      return new ThinkingReader(answer);
    case 'redacted_thinking':
      return new RedactedThinkingReader(answer);
    case 'tool_use':
      return createToolReader(textOf(block['name']), answer);
    default:
      return undefined;
  }
}

class TextReader implements BlockReader {
  readonly #from: number;
  readonly #citations: unknown[] = [];

  constructor(private readonly answer: StreamedAnswer) {
    this.#from = answer.text;
  }

  start(block: JsonObject): ChatDelta[] {
    this.#citations.push(...objectsIn(block['citations']));
    return this.#text(textOf(block['text']));
  }

  delta(delta: JsonObject): ChatDelta[] {
    if (delta['type'] === 'citations_delta') this.#citations.push(delta['citation']);
    return this.#text(textOf(delta['text']));
  }

  stop(): ChatDelta[] {
    const { answer } = this;
    return convertCitations(this.#citations, this.#from, answer.text).map((citation) => {
      const annotations = [{ index: answer.annotations, ...citation }];
      answer.annotations += 1;
      return answer.writer.delta({ annotations });
    });
  }

  #text(text: string): ChatDelta[] {
    const { answer } = this;
    if (text === '') return [];
    if (answer.form.answerTool !== undefined) {
      answer.announcement += text;
      return [];
    }
    answer.text += text.length;
    return [answer.writer.text(text)];
  }
}

class ThinkingReader implements BlockReader {
  #thinking = '';
  #signature = '';

  constructor(private readonly answer: StreamedAnswer) {}

  start(block: JsonObject): ChatDelta[] {
    return this.delta(block);
  }

  delta(delta: JsonObject): ChatDelta[] {
    this.#signature += textOf(delta['signature']);
    const text = textOf(delta['thinking']);
    if (text === '') return [];
    this.#thinking += text;
    return [this.answer.writer.reasoning(text)];
  }

  /** Strict clients join the pieces of a detail themselves, so it comes once, and whole. */
  stop(): ChatDelta[] {
    const { answer } = this;
    const index = answer.reasoningDetails;
    answer.reasoningDetails += 1;
    const detail = fromThinking(this.#thinking, this.#signature || undefined, index);
    return [answer.writer.reasoningDetail(detail)];
  }
}

class RedactedThinkingReader implements BlockReader {
  constructor(private readonly answer: StreamedAnswer) {}

  start(block: JsonObject): ChatDelta[] {
    const { answer } = this;
    const detail = fromRedactedThinking(textOf(block['data']), answer.reasoningDetails);
    answer.reasoningDetails += 1;
    return [answer.writer.reasoningDetail(detail)];
  }

  delta(): ChatDelta[] {
    return [];
  }

  stop(): ChatDelta[] {
    return [];
  }
}
