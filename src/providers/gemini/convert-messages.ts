import type { ChatMessage } from '../chat/chat-api.js';
import type { Target } from '../contract/target.js';
import { objectsIn } from '../openai-compatible/openai-api.js';
import { convertAssistantMessage } from './convert-assistant-message.js';
import { convertContent, type ContentContext, type PendingMedia } from './convert-content.js';
import { convertToolMessage, type FunctionAnswer } from './convert-tool-message.js';
import type { GeminiContent, GeminiPart } from './gemini-api.js';
import type { GeminiFamily } from './gemini-models.js';
import { invalidValue } from '../contract/refusals.js';

export interface ConvertedMessages {
  readonly contents: GeminiContent[];
  readonly systemInstruction?: { parts: GeminiPart[] };
  /** To be fetched before the request goes out. */
  readonly pending: readonly PendingMedia[];
}

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'name',
  'refusal',
  'audio',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'cache_control',
]);

/** A conversation as turns of `user` and `model`, with the instructions apart from it. */
export function convertMessages(
  messages: readonly ChatMessage[],
  family: GeminiFamily,
  target: Target,
): ConvertedMessages {
  const conversation = new Conversation(messages, family, target);
  for (const [index, message] of messages.entries()) conversation.add(message, index);
  return conversation.finish();
}

class Conversation {
  readonly #contents: GeminiContent[] = [];
  readonly #instructions: GeminiPart[] = [];
  readonly #context: ContentContext & { readonly family: GeminiFamily };
  /** Of the calls so far: the same id may come again in a later turn. */
  readonly #calls = new Map<string, { name: string; position: number }>();
  readonly #positions = new Map<GeminiPart, number>();
  readonly #lastUser: number;

  constructor(messages: readonly ChatMessage[], family: GeminiFamily, target: Target) {
    this.#context = { family, target, pending: [] };
    this.#lastUser = messages.findLastIndex(({ role }) => role === 'user');
  }

  add(message: ChatMessage, index: number): void {
    const path = `messages[${index}]`;
    this.#noteMembers(message, path);
    switch (message.role) {
      case 'system':
      case 'developer':
        return this.#addInstruction(message, path);
      case 'user':
        return this.#append(
          'user',
          convertContent(message.content, this.#context, `${path}.content`),
        );
      case 'assistant':
        return this.#addAssistant(message, index, path);
      case 'tool':
      case 'function':
        return this.#addAnswer(message, path);
      default:
        throw invalidValue(`${path}.role`, 'must be one that is known');
    }
  }

  finish(): ConvertedMessages {
    const { family, pending } = this.#context;
    const contents = this.#contents;
    if (contents.length === 0 && this.#instructions.length > 0) {
      // There has to be somebody who asks.
      contents.push({ role: 'user', parts: this.#instructions.splice(0) });
    }
    if (contents.length === 0) throw invalidValue('messages', 'must have content');
    if (contents[0]?.role === 'model') contents.unshift({ role: 'user', parts: [{ text: ' ' }] });
    for (const content of contents) this.#sortAnswers(content);

    if (this.#instructions.length === 0) return { contents, pending };
    if (family.takesSystemInstruction) {
      return { contents, pending, systemInstruction: { parts: this.#instructions } };
    }
    contents[0]?.parts.unshift(...this.#instructions);
    return { contents, pending };
  }

  #addInstruction(message: ChatMessage, path: string): void {
    const parts = convertContent(message.content, this.#context, `${path}.content`);
    const field = `messages.${message.role}`;
    const { target, family } = this.#context;
    if (this.#contents.length > 0) {
      target.translation.note(field, 'approximated', path);
      return this.#append('user', parts);
    }
    target.translation.note(field, family.takesSystemInstruction ? 'mapped' : 'emulated', path);
    this.#instructions.push(...parts);
  }

  #addAssistant(message: ChatMessage, index: number, path: string): void {
    // Signatures are checked within the turn that is not over yet.
    const requiresSignature = this.#context.family.requiresSignatures && index > this.#lastUser;
    const context = { ...this.#context, requiresSignature };
    this.#append('model', convertAssistantMessage(message, context, path));
    for (const [position, call] of objectsIn(message.tool_calls).entries()) {
      const tool = call['function'] ?? call['custom'];
      const name = (tool as { name: string }).name;
      this.#calls.set(String(call['id']), { name, position });
    }
  }

  #addAnswer(message: ChatMessage, path: string): void {
    const { answer, position } = this.#findQuestion(message, path);
    const parts = convertToolMessage(message, answer, this.#context, path);
    const [response] = parts;
    if (response) this.#positions.set(response, position);
    this.#append('user', parts);
  }

  /** A response has to name its function, which a tool message does not. */
  #findQuestion(message: ChatMessage, path: string): { answer: FunctionAnswer; position: number } {
    const { translation } = this.#context.target;
    const { tool_call_id: id, name } = message;
    if (message.role === 'function' && typeof name === 'string') {
      translation.note('messages.function', 'mapped', path);
      return { answer: { name }, position: 0 };
    }
    translation.note('messages.tool', 'mapped', path);
    const call = id === undefined ? undefined : this.#calls.get(id);
    if (id !== undefined && call) {
      return { answer: { id, name: call.name }, position: call.position };
    }
    if (typeof name === 'string') return { answer: { name }, position: Infinity };
    throw invalidValue(`${path}.tool_call_id`, 'answers no tool call of this conversation');
  }

  #append(role: GeminiContent['role'], parts: GeminiPart[]): void {
    if (parts.length === 0) return;
    const last = this.#contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.#contents.push({ role, parts: [...parts] });
  }

  /** Answers come first and in the order of their calls. */
  #sortAnswers(content: GeminiContent): void {
    const answers = content.parts.filter((part) => part.functionResponse);
    if (answers.length === 0) return;
    const positionOf = (part: GeminiPart) => this.#positions.get(part) ?? 0;
    answers.sort((a, b) =>
      positionOf(a) < positionOf(b) ? -1 : Number(positionOf(a) > positionOf(b)),
    );
    content.parts = [...answers, ...content.parts.filter((part) => !part.functionResponse)];
  }

  #noteMembers(message: ChatMessage, path: string): void {
    const { translation } = this.#context.target;
    if (message['cache_control']) translation.note('messages.cache_control', 'dropped', path);
    if (message['name'] != null && message.role !== 'tool' && message.role !== 'function') {
      translation.note('messages.name', 'dropped', `${path}.name`);
    }
    for (const [key, value] of Object.entries(message)) {
      if (KNOWN_MEMBERS.has(key) || value == null) continue;
      if (Array.isArray(value) && value.length === 0) continue;
      translation.note(`messages.${key}`, 'dropped', `${path}.${key}`);
    }
  }
}
