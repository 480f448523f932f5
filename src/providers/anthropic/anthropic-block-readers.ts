import type { ChatDelta } from '../chat/chat.js';
import type { ChatChunkChoice } from '../chat/chat-api.js';
import type { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import { objectsIn, parseJson, textOf, type JsonObject } from './anthropic-api.js';
import type { AnswerForm } from './answer-form.js';
import { convertCitations } from './convert-citations.js';
import { fromRedactedThinking, fromThinking } from './convert-reasoning.js';
import { unwrapCustomInput } from './convert-tools.js';

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

function createToolReader(name: string, answer: StreamedAnswer): BlockReader {
  const { form } = answer;
  if (name === form.answerTool) return new AnswerReader(answer);
  if (form.usesFunctions) return new FunctionCallReader(answer);
  return form.customTools.has(name) ? new CustomCallReader(answer) : new ToolCallReader(answer);
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

/** The argument of a tool as JSON text. Anthropic sends nothing at all for an empty one. */
abstract class InputReader implements BlockReader {
  #started = '';
  #anything = false;

  constructor(protected readonly answer: StreamedAnswer) {}

  start(block: JsonObject): ChatDelta[] {
    this.#started = JSON.stringify(block['input'] ?? {});
    return this.opened(textOf(block['id']), textOf(block['name']));
  }

  delta(delta: JsonObject): ChatDelta[] {
    const json = textOf(delta['partial_json']);
    if (json === '') return [];
    this.#anything = true;
    return this.more(json);
  }

  stop(): ChatDelta[] {
    const rest = this.#anything ? [] : this.more(this.#started);
    return [...rest, ...this.closed()];
  }

  protected abstract opened(id: string, name: string): ChatDelta[];
  protected abstract more(json: string): ChatDelta[];

  protected closed(): ChatDelta[] {
    return [];
  }
}

class ToolCallReader extends InputReader {
  readonly #index: number;

  constructor(answer: StreamedAnswer) {
    super(answer);
    this.#index = answer.toolCalls;
    this.answer.toolCalls += 1;
  }

  protected opened(id: string, name: string): ChatDelta[] {
    return [this.answer.writer.toolCall({ index: this.#index, id, name })];
  }

  protected more(json: string): ChatDelta[] {
    return [this.answer.writer.toolArguments(this.#index, json)];
  }
}

/** A tool that takes free text: its argument is unwrapped when it is whole. */
class CustomCallReader extends InputReader {
  readonly #index: number;
  #json = '';

  constructor(answer: StreamedAnswer) {
    super(answer);
    this.#index = answer.toolCalls;
    this.answer.toolCalls += 1;
  }

  protected opened(id: string, name: string): ChatDelta[] {
    return this.#write({ id, type: 'custom', custom: { name, input: '' } });
  }

  protected more(json: string): ChatDelta[] {
    this.#json += json;
    return [];
  }

  protected override closed(): ChatDelta[] {
    return this.#write({ custom: { input: unwrapCustomInput(parsedOr(this.#json)) } });
  }

  #write(call: object): ChatDelta[] {
    const delta = { tool_calls: [{ index: this.#index, ...call }] };
    return [this.answer.writer.delta(delta as unknown as ChatChunkChoice['delta'])];
  }
}

/** OpenAI's first form of tools has one call at most. */
class FunctionCallReader extends InputReader {
  readonly #isFirst: boolean;

  constructor(answer: StreamedAnswer) {
    super(answer);
    this.#isFirst = answer.toolCalls === 0;
    this.answer.toolCalls += 1;
  }

  protected opened(_id: string, name: string): ChatDelta[] {
    return this.#write({ name, arguments: '' });
  }

  protected more(json: string): ChatDelta[] {
    return this.#write({ arguments: json });
  }

  #write(functionCall: object): ChatDelta[] {
    return this.#isFirst ? [this.answer.writer.delta({ function_call: functionCall })] : [];
  }
}

/** The tool through which the answer itself comes. */
class AnswerReader extends InputReader {
  readonly #isFirst: boolean;

  constructor(answer: StreamedAnswer) {
    super(answer);
    this.#isFirst = !answer.answered;
    this.answer.answered = true;
  }

  protected opened(): ChatDelta[] {
    return [];
  }

  protected more(json: string): ChatDelta[] {
    return this.#isFirst ? [this.answer.writer.text(json)] : [];
  }
}

/** A call that was cut off is told as far as it came. */
function parsedOr(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return { input: json };
  }
}
