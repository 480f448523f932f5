import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { ChatMessage } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import {
  isObject,
  textOf,
  type ContentBlock,
  type JsonObject,
  type TextBlock,
  type ToolUseBlock,
  type Turn,
} from './anthropic-api.js';
import { cacheControlOf, convertContent } from './convert-content.js';
import { convertReasoning } from './convert-reasoning.js';
import { wrapCustomInput } from './convert-tools.js';
import { TurnWriter } from './turn-writer.js';

export interface ConvertedMessages {
  readonly system: TextBlock[];
  readonly turns: Turn[];
}

/**
 * A conversation in Anthropic's form: what the system says ahead of it, and turns in which all
 * results of a turn's tool calls come together, first.
 */
export function convertMessages(
  messages: readonly ChatMessage[],
  keepsThinking: boolean,
  translation: TranslationReport,
): ConvertedMessages {
  const system: TextBlock[] = [];
  const turns = new TurnWriter(translation);
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    if (message['name'] != null && message.role !== 'tool') {
      translation.note('messages.name', 'dropped', `${path}.name`);
    }
    switch (message.role) {
      case 'system':
      case 'developer':
        if (turns.isEmpty)
          system.push(...convertInstructions(message, 'mapped', translation, path));
        else turns.user(convertLateInstructions(message, translation, path));
        break;
      case 'assistant':
        addAssistant(turns, message, keepsThinking, translation, path);
        break;
      case 'tool':
        addToolResult(turns, message, translation, path);
        break;
      default:
        turns.user(
          withCacheControl(
            message,
            convertContent(message.content, translation, `${path}.content`),
          ),
        );
    }
  });
  if (turns.isEmpty && system.length > 0) {
    // Anthropic answers nobody: without a user, the instructions are what is asked.
    translation.note('messages.system', 'approximated', 'messages');
    turns.user(system.splice(0));
  }
  return { system, turns: turns.finish() };
}

function convertInstructions(
  message: ChatMessage,
  outcome: 'mapped' | 'approximated',
  translation: TranslationReport,
  path: string,
): TextBlock[] {
  translation.note(`messages.${message.role}`, outcome, path);
  const blocks = convertContent(message.content, translation, `${path}.content`);
  const texts = blocks.filter((block): block is TextBlock => block.type === 'text');
  if (texts.length < blocks.length) {
    translation.note(`messages.${message.role}`, 'dropped', `${path}.content`);
  }
  return withCacheControl(message, texts);
}

/** Only what comes ahead of the conversation is the system's; later on it is a user who says it. */
function convertLateInstructions(
  message: ChatMessage,
  translation: TranslationReport,
  path: string,
): TextBlock[] {
  return convertInstructions(message, 'approximated', translation, path).map((block) => ({
    ...block,
    text: `<system>\n${block.text}\n</system>`,
  }));
}

function addAssistant(
  turns: TurnWriter,
  message: ChatMessage,
  keepsThinking: boolean,
  translation: TranslationReport,
  path: string,
): void {
  const thinking = convertReasoning(message, keepsThinking, translation, path);
  const content = convertContent(message.content, translation, `${path}.content`);
  if (message['audio'] != null) translation.note('messages.audio', 'dropped', `${path}.audio`);
  if (typeof message['refusal'] === 'string' && message['refusal'] !== '') {
    translation.note('messages.refusal', 'approximated', `${path}.refusal`);
    content.push(...convertContent(message['refusal'], translation, path));
  }
  const calls = (message.tool_calls ?? []).map((call, index) =>
    convertToolCall(call, translation, `${path}.tool_calls[${index}]`),
  );
  turns.assistant(thinking, withCacheControl(message, [...content, ...calls]));
}

function convertToolCall(
  call: { id?: unknown; [key: string]: unknown },
  translation: TranslationReport,
  path: string,
): ToolUseBlock {
  const id = textOf(call.id);
  if (call['type'] === 'custom') {
    translation.note('messages.tool_calls.custom', 'emulated', path);
    const custom = isObject(call['custom']) ? call['custom'] : {};
    const input = wrapCustomInput(textOf(custom['input']));
    return { type: 'tool_use', id, name: textOf(custom['name']), input };
  }
  translation.note('messages.tool_calls', 'mapped', path);
  const called = isObject(call['function']) ? call['function'] : {};
  const input = convertArguments(called['arguments'], translation, path);
  return { type: 'tool_use', id, name: textOf(called['name']), input };
}

/** Anthropic takes an object only; arguments that are none are kept within one. */
function convertArguments(
  given: unknown,
  translation: TranslationReport,
  path: string,
): JsonObject {
  if (isObject(given)) return given;
  const text = textOf(given);
  if (text.trim() === '') return {};
  const parsed = parseOrUndefined(text);
  if (isObject(parsed)) return parsed;
  translation.note('messages.tool_calls', 'approximated', `${path}.function.arguments`);
  return { arguments: parsed ?? text };
}

function parseOrUndefined(text: string): unknown {
  try {
    return parseVerbatimJson(text);
  } catch {
    return undefined;
  }
}

function addToolResult(
  turns: TurnWriter,
  message: ChatMessage,
  translation: TranslationReport,
  path: string,
): void {
  const blocks = convertContent(
    message.content,
    translation,
    `${path}.content`,
    'messages.tool.image_url',
  );
  const isPlain = typeof message.content === 'string';
  const content = isPlain ? (message.content as string) : blocks;
  const cacheControl = cacheControlOf(message);
  turns.toolResult(
    {
      type: 'tool_result',
      tool_use_id: textOf(message.tool_call_id),
      ...(content.length > 0 && { content }),
      ...(message['is_error'] === true && { is_error: true }),
      ...(cacheControl && { cache_control: cacheControl }),
    },
    path,
  );
}

/** A mark on a whole message stands on its last block. */
function withCacheControl<T extends ContentBlock | ToolUseBlock>(
  message: ChatMessage,
  blocks: T[],
): T[] {
  const cacheControl = cacheControlOf(message);
  const last = blocks.at(-1);
  if (cacheControl && last) last.cache_control = cacheControl;
  return blocks;
}
