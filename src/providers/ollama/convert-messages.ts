import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { ChatMessage } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { convertContent } from './convert-content.js';
import {
  isObject,
  type OllamaMessage,
  type OllamaToolCall,
  objectsIn,
  textOf,
} from './ollama-api.js';
import { invalidValue } from '../contract/refusals.js';

const ROLES: ReadonlyMap<string, OllamaMessage['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/** Members that the converters see to. */
const SEEN: ReadonlySet<string> = new Set([
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'refusal',
]);

/** The conversation, a message for a message. */
export function convertMessages(
  messages: readonly ChatMessage[],
  report: TranslationReport,
): OllamaMessage[] {
  const converter = new MessageConverter(report);
  return messages.map((message, index) => converter.convert(message, `messages[${index}]`));
}

class MessageConverter {
  /** By the ids of their calls: results name only those, and the vendor wants the tool's name. */
  readonly #toolNames = new Map<string, string>();

  constructor(private readonly report: TranslationReport) {}

  convert(message: ChatMessage, path: string): OllamaMessage {
    const role = ROLES.get(message.role);
    if (!role) throw invalidValue(`${path}.role`, 'is not a role of the conversation');
    if (message.role === 'developer') {
      this.report.note('messages.developer', 'mapped', `${path}.role`);
    }
    this.#noteDropped(message, path);
    const { text, images } = convertContent(message, path, this.report);
    return {
      role,
      content: text + this.#refusalOf(message, path),
      ...(images.length > 0 && { images }),
      ...(role === 'assistant' && this.#convertTurn(message, path)),
      ...(role === 'tool' && this.#convertResult(message, path)),
    };
  }

  #convertTurn(message: ChatMessage, path: string): Partial<OllamaMessage> {
    const thinking = this.#thinkingOf(message, path);
    const calls = objectsIn(message.tool_calls).map((call, index) =>
      this.#convertCall(call, index, `${path}.tool_calls[${index}]`),
    );
    if (isObject(message['function_call'])) {
      this.report.note('messages.function', 'mapped', `${path}.function_call`);
      calls.push({ function: this.#convertFunction(message['function_call'], calls.length, path) });
    }
    return { ...(thinking && { thinking }), ...(calls.length > 0 && { tool_calls: calls }) };
  }

  #convertCall(call: Record<string, unknown>, index: number, path: string): OllamaToolCall {
    if (isObject(call['extra_content'])) {
      this.report.note('messages.reasoning', 'dropped', `${path}.extra_content`);
    }
    const id = textOf(call['id']);
    const converted = isObject(call['custom'])
      ? this.#convertCustom(call['custom'], index, path)
      : this.#convertFunction(call['function'], index, path);
    if (id !== '') this.#toolNames.set(id, converted.name);
    return { ...(id !== '' && { id }), function: converted };
  }

  #convertFunction(called: unknown, index: number, path: string): OllamaToolCall['function'] {
    const { name, arguments: given } = isObject(called) ? called : {};
    if (typeof name !== 'string') throw invalidValue(path, 'does not name the function it calls');
    this.report.note('messages.tool_calls', 'mapped', path);
    return { index, name, arguments: this.#argumentsOf(given, path) };
  }

  #convertCustom(custom: Record<string, unknown>, index: number, path: string) {
    this.report.note('messages.tool_calls.custom', 'approximated', path);
    return { index, name: textOf(custom['name']), arguments: { input: textOf(custom['input']) } };
  }

  /** Models write arguments, and not always well; the conversation has to go on with them. */
  #argumentsOf(given: unknown, path: string): unknown {
    if (isObject(given)) return given;
    const text = textOf(given);
    if (text.trim() === '') return {};
    const parsed = parseOrUndefined(text);
    if (isObject(parsed)) return parsed;
    this.report.note('messages.tool_calls', 'approximated', `${path}.function.arguments`);
    return { input: parsed ?? text };
  }

  #convertResult(message: ChatMessage, path: string): Partial<OllamaMessage> {
    const isLegacy = message.role === 'function';
    this.report.note(isLegacy ? 'messages.function' : 'messages.tool', 'mapped', path);
    const id = textOf(message.tool_call_id);
    const name = this.#toolNames.get(id) ?? textOf(message['name']);
    return { ...(name !== '' && { tool_name: name }), ...(id !== '' && { tool_call_id: id }) };
  }

  /** The text only: what another vendor signed or sealed is of no use here. */
  #thinkingOf(message: ChatMessage, path: string): string {
    if (objectsIn(message['reasoning_details']).length > 0) {
      this.report.note('messages.reasoning', 'dropped', `${path}.reasoning_details`);
    }
    const thinking = textOf(message.reasoning_content) || textOf(message['reasoning']);
    if (thinking !== '') {
      this.report.note('messages.reasoning', 'mapped', `${path}.reasoning_content`);
    }
    return thinking;
  }

  #refusalOf(message: ChatMessage, path: string): string {
    const refusal = textOf(message['refusal']);
    if (refusal !== '') this.report.note('messages.refusal', 'approximated', `${path}.refusal`);
    return refusal;
  }

  #noteDropped(message: ChatMessage, path: string): void {
    const isResult = message.role === 'tool' || message.role === 'function';
    if (textOf(message['name']) !== '' && !isResult) {
      this.report.note('messages.name', 'dropped', `${path}.name`);
    }
    for (const [name, value] of Object.entries(message)) {
      const isEmpty =
        value === undefined || value === null || (Array.isArray(value) && value.length === 0);
      if (!SEEN.has(name) && !isEmpty) {
        this.report.note(`messages.${name}`, 'dropped', `${path}.${name}`);
      }
    }
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return parseVerbatimJson(text);
  } catch {
    return undefined;
  }
}
