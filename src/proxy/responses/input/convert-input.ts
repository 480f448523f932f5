import { ApiError } from '../../../common/errors/api-error.js';
import type { ChatMessage } from '../../../providers/chat/chat-api.js';
import type { ResponsesMessage, ResponsesToolCall, ResponsesToolOutput } from '../responses-api.js';
import { unsupportedParameter } from '../unsupported-parameter.js';
import { convertShellCall } from './local-shell-function.js';
import { AssistantTurn } from './assistant-turn.js';
import { convertParts, type Translation } from './convert-parts.js';
import type { LocatedItem } from './resolve-input.js';

/** What a vendor's own tools left in a conversation: another vendor's model can read on without it. */
const DROPPED_ITEMS = new Set(['web_search_call', 'file_search_call', 'mcp_list_tools']);

/**
 * The items of a conversation as messages.
 * @throws ApiError `unsupported_parameter`, and `invalid_value` for a call without its output or an
 * output without its call
 */
export function convertInput(
  items: readonly LocatedItem[],
  translation: Translation,
): ChatMessage[] {
  const conversation = new Conversation(translation);
  for (const located of items) conversation.add(located);
  return conversation.toMessages();
}

class Conversation {
  readonly #turns: (ChatMessage | AssistantTurn)[] = [];
  readonly #callers = new Map<string, { turn: AssistantTurn; path: string }>();
  #open: AssistantTurn | undefined;

  constructor(private readonly translation: Translation) {}

  add({ item, path }: LocatedItem): void {
    switch (item.type ?? 'message') {
      case 'message':
        return this.#addMessage(item as ResponsesMessage, path);
      case 'reasoning':
        return this.#turn().addReasoning(item, path);
      case 'function_call':
      case 'custom_tool_call':
        return this.#addCall(item as ResponsesToolCall, path);
      case 'local_shell_call':
        return this.#addCall(convertShellCall(item), path);
      case 'function_call_output':
      case 'custom_tool_call_output':
      case 'local_shell_call_output':
        return this.#addOutput(item as ResponsesToolOutput, path);
      default:
        if (!DROPPED_ITEMS.has(item.type ?? '')) {
          throw unsupportedParameter(`${path}.type`, 'Items of this type cannot be sent.');
        }
        this.translation.note(`input.${item.type}`, 'dropped', path);
    }
  }

  toMessages(): ChatMessage[] {
    for (const [id, { turn, path }] of this.#callers) {
      if (!turn.unanswered.includes(id)) continue;
      throw invalidValue(path, `The input has no output for the tool call '${id}'.`);
    }
    return this.#turns.flatMap((turn) =>
      turn instanceof AssistantTurn ? turn.toMessages() : [turn],
    );
  }

  #addMessage(message: ResponsesMessage, path: string): void {
    if (message.role === 'assistant') return this.#turn().addMessage(message, path);
    this.#open = undefined;
    const content = convertParts(message.content, this.translation, `${path}.content`);
    this.#turns.push({ role: message.role, content });
  }

  #addCall(call: ResponsesToolCall, path: string): void {
    const turn = this.#turn();
    turn.addCall(call);
    this.#callers.set(call.call_id, { turn, path });
  }

  #addOutput(item: ResponsesToolOutput, path: string): void {
    // The output of a shell names its call by the item's own id in some clients.
    const id = item.call_id ?? item.id ?? '';
    const caller = this.#callers.get(id);
    if (caller === undefined) {
      throw invalidValue(`${path}.call_id`, `The input has no tool call with the id '${id}'.`);
    }
    this.#open = undefined;
    const content = convertParts(item.output, this.translation, `${path}.output`);
    caller.turn.addResult(id, { role: 'tool', tool_call_id: id, content });
  }

  #turn(): AssistantTurn {
    if (this.#open === undefined) {
      this.#open = new AssistantTurn(this.translation);
      this.#turns.push(this.#open);
    }
    return this.#open;
  }
}

function invalidValue(param: string, message: string): ApiError {
  return new ApiError('invalid_value', message, { param });
}
