import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { ChatDelta } from '../chat/chat.js';
import type { ChatToolCallDelta } from '../chat/chat-api.js';
import { textOf, type JsonObject } from './anthropic-api.js';
import { unwrapCustomInput } from './convert-tools.js';
import type { BlockReader, StreamedAnswer } from './streamed-answer.js';

/** A tool's call is read according to what the tool is to the client. */
export function createToolReader(name: string, answer: StreamedAnswer): BlockReader {
  const { form } = answer;
  if (name === form.answerTool) return new AnswerReader(answer);
  if (form.usesFunctions) return new FunctionCallReader(answer);
  return form.customTools.has(name) ? new CustomCallReader(answer) : new ToolCallReader(answer);
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
    return this.#write({ id, type: 'custom', custom: { name, input: '' } }, 0);
  }

  protected more(json: string): ChatDelta[] {
    this.#json += json;
    return [];
  }

  protected override closed(): ChatDelta[] {
    const input = unwrapCustomInput(parsedOr(this.#json));
    return this.#write({ custom: { input } }, input.length);
  }

  #write(call: Omit<ChatToolCallDelta, 'index'>, characters: number): ChatDelta[] {
    const delta = { tool_calls: [{ index: this.#index, ...call }] };
    return [this.answer.writer.delta(delta, characters)];
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

  #write(call: { name?: string; arguments: string }): ChatDelta[] {
    if (!this.#isFirst) return [];
    return [this.answer.writer.delta({ function_call: call }, call.arguments.length)];
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
    return parseVerbatimJson(json);
  } catch {
    return { input: json };
  }
}
