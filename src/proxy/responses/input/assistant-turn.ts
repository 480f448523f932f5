import type { ChatMessage, ChatToolCall, ContentPart } from '../../../providers/chat/chat-api.js';
import type { ResponsesMessage, ResponsesReasoning, ResponsesToolCall } from '../responses-api.js';
import { canonicalToolName, CUSTOM_INPUT } from '../tool-names.js';
import { convertPart, simplifyContent, type Translation } from './convert-parts.js';
import { TurnReasoning } from './turn-reasoning.js';

/** All that a model said before somebody else spoke, which is one message in the canonical form. */
export class AssistantTurn {
  readonly #content: ContentPart[] = [];
  readonly #calls: ChatToolCall[] = [];
  readonly #reasoning = new TurnReasoning();
  readonly #results = new Map<string, ChatMessage[]>();
  #refusal: string | undefined;
  #reasoningPath: string | undefined;

  constructor(private readonly translation: Translation) {}

  addMessage(message: ResponsesMessage, path: string): void {
    const { content } = message;
    if (message['phase'] != null) this.translation.note('input.phase', 'dropped', `${path}.phase`);
    if (typeof content === 'string') {
      this.#content.push({ type: 'text', text: content });
      return;
    }
    for (const [index, part] of content.entries()) {
      if (part.type === 'refusal') this.#refusal = (this.#refusal ?? '') + part.refusal;
      else this.#content.push(convertPart(part, this.translation, `${path}.content[${index}]`));
    }
  }

  addReasoning(item: ResponsesReasoning, path: string): void {
    this.#reasoningPath ??= path;
    this.#reasoning.add(item, this.translation, path);
  }

  addCall(call: ResponsesToolCall): void {
    this.#results.set(call.call_id, []);
    this.#calls.push({
      id: call.call_id,
      type: 'function',
      function: {
        name: canonicalToolName(call.name, call.namespace),
        arguments: call.arguments ?? JSON.stringify({ [CUSTOM_INPUT]: call.input ?? '' }),
      },
    });
  }

  addResult(callId: string, message: ChatMessage): void {
    this.#results.get(callId)?.push(message);
  }

  /** Ids of calls whose results are missing. */
  get unanswered(): string[] {
    return [...this.#results].filter(([, results]) => results.length === 0).map(([id]) => id);
  }

  /** The message and, right behind it, where every vendor wants them, the results of its calls. */
  toMessages(): ChatMessage[] {
    if (this.#isThoughtOnly) {
      this.translation.note('input.reasoning', 'dropped', this.#reasoningPath);
      return [];
    }
    return [this.#message, ...[...this.#results.values()].flat()];
  }

  /** No vendor takes a message that says nothing. */
  get #isThoughtOnly(): boolean {
    return this.#content.length === 0 && this.#calls.length === 0 && this.#refusal === undefined;
  }

  get #message(): ChatMessage {
    const calls = this.#calls.map((call) => this.#withExtraContent(call));
    return {
      role: 'assistant',
      content: this.#content.length === 0 ? null : simplifyContent(this.#content),
      ...(this.#refusal !== undefined && { refusal: this.#refusal }),
      ...this.#reasoning.members,
      ...(calls.length > 0 && { tool_calls: calls }),
    };
  }

  #withExtraContent(call: ChatToolCall): ChatToolCall {
    const extraContent = this.#reasoning.findExtraContent(call.id);
    return extraContent === undefined ? call : { ...call, extra_content: extraContent };
  }
}
