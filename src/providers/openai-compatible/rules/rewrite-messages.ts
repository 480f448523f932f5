import type { ChatMessage, ContentPart } from '../../chat/chat-api.js';
import { isObject } from '../openai-api.js';
import { moveToolImages } from './move-tool-images.js';
import { unsupported } from '../../contract/refusals.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRules } from './request-rules.js';
import { rewritePart } from './rewrite-parts.js';

/** Applies the rules for messages and what is in them. */
export function rewriteMessages(edit: RequestEdit, rules: FieldRules): void {
  if (!Array.isArray(edit.messages)) return;
  const messages = edit.messages as readonly ChatMessage[];
  const steps = stepsOf(rules);
  if (steps.length === 0) return;
  // Made for the first that is changed: most requests need none.
  let changed: ChatMessage[] | undefined;
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index] as ChatMessage;
    const path = pathOf(index);
    let result = message;
    for (const step of steps) result = step(result, edit, path);
    if (result !== message) (changed ??= [...messages])[index] = result;
  }
  const rewritten: readonly ChatMessage[] = changed ?? messages;
  const moved =
    rules['messages.tool.image_url'] === undefined ? rewritten : moveToolImages(edit, rewritten);
  if (moved !== messages) edit.set('messages', moved);
}

const MOST_PATHS = 1_000;
const paths: string[] = [];

/** Where a message stands in the body; said of few of them, and the same for every request. */
function pathOf(index: number): string {
  if (index >= MOST_PATHS) return `messages[${index}]`;
  return (paths[index] ??= `messages[${index}]`);
}

type Step = (message: ChatMessage, edit: RequestEdit, path: string) => ChatMessage;

const stepsByRules = new WeakMap<FieldRules, readonly Step[]>();

/** Only what the rules ask for: most endpoints want little of it. */
function stepsOf(rules: FieldRules): readonly Step[] {
  const known = stepsByRules.get(rules);
  if (known) return known;
  const steps: Step[] = [];
  const fields = Object.keys(rules).filter((field) => field.startsWith('messages.'));
  for (const field of fields as Array<keyof FieldRules>) {
    const rule = rules[field];
    const step = STEPS[field];
    if (rule?.kind === 'message') steps.push(rule.convert);
    else if (rule !== undefined && rule.kind !== 'pass' && step) steps.push(step(rules));
  }
  if (fields.some((field) => PART_FIELDS.has(field))) steps.push(rewriteParts(rules));
  // Moving images needs a look at the messages even when no other rule does.
  if (rules['messages.tool.image_url'] !== undefined) steps.push((message) => message);
  stepsByRules.set(rules, steps);
  return steps;
}

const PART_FIELDS: ReadonlySet<string> = new Set([
  'messages.image_url.data',
  'messages.image_url.url',
  'messages.image_url.detail',
  'messages.input_audio',
  'messages.file.file_data',
  'messages.file.file_id',
  'messages.cache_control',
]);

const STEPS: Readonly<Partial<Record<keyof FieldRules, (rules: FieldRules) => Step>>> = {
  'messages.developer': renameRole('developer'),
  'messages.system': renameRole('system'),
  'messages.tool_calls': () => (message, _edit, path) => {
    if ((message.tool_calls?.length ?? 0) > 0) throw unsupported(`${path}.tool_calls`);
    return message;
  },
  'messages.tool': () => (message, _edit, path) => {
    if (message.role === 'tool') throw unsupported(path);
    return message;
  },
  'messages.function': () => (message, _edit, path) => {
    if (message.role === 'function') throw unsupported(path);
    return message;
  },
  'messages.name': () => (message, edit, path) =>
    without(message, edit, path, 'messages.name', ['name']),
  'messages.audio': () => (message, edit, path) =>
    without(message, edit, path, 'messages.audio', ['audio']),
  'messages.cache_control': (rules) => (message, edit, path) =>
    rules['messages.cache_control']?.kind === 'drop'
      ? without(message, edit, path, 'messages.cache_control', ['cache_control'])
      : message,
  'messages.reasoning': (rules) => (message, edit, path) => {
    const rule = rules['messages.reasoning'];
    if (rule?.kind === 'rename') return renameReasoning(message, edit, path, rule.to);
    return without(message, edit, path, 'messages.reasoning', REASONING);
  },
  'messages.refusal': () => (message, edit, path) => {
    if (typeof message['refusal'] !== 'string') return message;
    const { refusal, ...rest } = message;
    edit.note('messages.refusal', 'mapped', `${path}.refusal`);
    return { ...rest, content: rest.content ?? refusal };
  },
};

const REASONING = ['reasoning_content', 'reasoning_details', 'reasoning'];

function renameRole(role: 'developer' | 'system') {
  return (rules: FieldRules): Step => {
    const rule = rules[`messages.${role}`];
    const to = rule?.kind === 'rename' ? rule.to : role;
    return (message, edit, path) => {
      if (message.role !== role) return message;
      edit.note(`messages.${role}`, 'mapped', `${path}.role`);
      return { ...message, role: to };
    };
  };
}

/** Null says nothing, but a vendor that does not know the member may still stumble over it. */
function without(
  message: ChatMessage,
  edit: RequestEdit,
  path: string,
  field: string,
  members: readonly string[],
): ChatMessage {
  // Nearly every message has none of them, so looking must not cost an allocation.
  if (!hasOneOf(message, members)) return message;
  const result = { ...message };
  for (const member of members) {
    if (message[member] === undefined) continue;
    if (message[member] !== null) edit.note(field, 'dropped', `${path}.${member}`);
    delete result[member];
  }
  return result;
}

function hasOneOf(message: ChatMessage, members: readonly string[]): boolean {
  for (const member of members) if (message[member] !== undefined) return true;
  return false;
}

function renameReasoning(
  message: ChatMessage,
  edit: RequestEdit,
  path: string,
  to: string,
): ChatMessage {
  const text = message.reasoning_content;
  if (typeof text !== 'string' || message[to] !== undefined) return message;
  const { reasoning_content: _text, ...rest } = message;
  edit.note('messages.reasoning', 'mapped', `${path}.reasoning_content`);
  return { ...rest, [to]: text };
}

function rewriteParts(rules: FieldRules): Step {
  return (message, edit, path) => {
    const { content } = message;
    if (!Array.isArray(content)) return message;
    let changed = false;
    const parts = content.flatMap((part: ContentPart, index) => {
      if (!isObject(part)) return [part];
      const result = rewritePart(part, rules, edit, `${path}.content[${index}]`);
      changed ||= result !== part;
      return result === undefined ? [] : [result];
    });
    return changed ? { ...message, content: parts } : message;
  };
}
