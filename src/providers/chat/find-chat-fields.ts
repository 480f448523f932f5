import type { ChatCompletionRequest, ChatMessage, ContentPart } from './chat-api.js';
import { isNeutral, OFTEN_NEUTRAL } from './neutral-values.js';

/** A part of a request, by the name that reports use and by its place in the body. */
export interface FoundField {
  /** A name of `CHAT_FIELDS`, or a member that is not documented. */
  readonly field: string;
  /** Such as `messages[2].content[0]`. */
  readonly path: string;
}

const LOOKED_INTO = new Set(['model', 'messages', 'tools', 'tool_choice', 'response_format']);

/** Every documented part that a request has, the first place of each, and what is not documented. */
export function findChatFields(body: ChatCompletionRequest): FoundField[] {
  const found = new Map<string, FoundField>();
  const add = (field: string, path: string): void => {
    if (!found.has(field)) found.set(field, { field, path });
  };
  for (const [name, value] of Object.entries(body)) {
    if (LOOKED_INTO.has(name)) continue;
    const isTold = value != null && Object.hasOwn(OFTEN_NEUTRAL, name);
    if (isTold || !isNeutral(name, value)) add(name, name);
  }
  addToolFields(body, add);
  if (body.response_format) add(`response_format.${body.response_format.type}`, 'response_format');
  for (const [index, message] of body.messages.entries()) {
    addMessageFields(message, `messages[${index}]`, add);
  }
  return [...found.values()];
}

type Add = (field: string, path: string) => void;

function addToolFields({ tools, tool_choice: choice }: ChatCompletionRequest, add: Add): void {
  for (const [index, tool] of (tools ?? []).entries()) {
    add(`tools.${tool.type}`, `tools[${index}]`);
    if (tool['cache_control'] != null) add('messages.cache_control', `tools[${index}]`);
    if (tool.function?.strict) add('tools.function.strict', `tools[${index}].function.strict`);
  }
  if (typeof choice === 'string') add(`tool_choice.${choice}`, 'tool_choice');
  else if (typeof choice === 'object' && choice !== null && 'type' in choice) {
    add(`tool_choice.${String(choice.type)}`, 'tool_choice');
  }
}

function addMessageFields(message: ChatMessage, path: string, add: Add): void {
  const { role, content, tool_calls: calls } = message;
  if (role === 'user' || role === 'assistant') {
    if (content != null && content.length > 0) add('messages.text', `${path}.content`);
  } else add(`messages.${role}`, path);
  if (message['name'] != null && role !== 'function') add('messages.name', `${path}.name`);
  if (message['refusal'] != null) add('messages.refusal', `${path}.refusal`);
  if (message['audio'] != null) add('messages.audio', `${path}.audio`);
  if (message['function_call'] != null) add('messages.function', `${path}.function_call`);
  if (message.reasoning_content || Array.isArray(message['reasoning_details'])) {
    add('messages.reasoning', path);
  }
  if (message['cache_control'] != null) add('messages.cache_control', `${path}.cache_control`);
  for (const [index, call] of (calls ?? []).entries()) {
    const kind = call.type === 'custom' ? 'messages.tool_calls.custom' : 'messages.tool_calls';
    add(kind, `${path}.tool_calls[${index}]`);
  }
  if (!Array.isArray(content)) return;
  for (const [index, part] of content.entries()) {
    addPartFields(role, part, `${path}.content[${index}]`, add);
  }
}

function addPartFields(role: string, part: ContentPart, path: string, add: Add): void {
  if (part['cache_control'] != null || part['prompt_cache_breakpoint'] != null) {
    add('messages.cache_control', path);
  }
  switch (part.type) {
    case 'text':
      return;
    case 'refusal':
      return add('messages.refusal', path);
    case 'image_url': {
      const isData = part.image_url?.url.startsWith('data:') ?? false;
      if (role === 'tool') add('messages.tool.image_url', path);
      else add(`messages.image_url.${isData ? 'data' : 'url'}`, path);
      if (part.image_url?.detail != null) add('messages.image_url.detail', `${path}.image_url`);
      return;
    }
    case 'file': {
      const file = part['file'] as { file_id?: unknown } | undefined;
      return add(`messages.file.${file?.file_id == null ? 'file_data' : 'file_id'}`, path);
    }
    default:
      add(`messages.${part.type}`, path);
  }
}
