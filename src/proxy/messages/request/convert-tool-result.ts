import type { ChatMessage, ContentPart } from '../../../providers/chat/chat-api.js';
import { asContent, convertContentParts } from './convert-content-parts.js';
import type { ToolResultBlockParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** What a model is told where it cannot be told otherwise that a tool failed. */
const FAILED = 'Error: ';
const SAYS_IT_FAILED = /^\W*error\b/i;

/**
 * A tool's result as a message. That the tool failed is said in its text, and by `is_error` for
 * vendors that know of it.
 */
export function convertToolResult(
  block: ToolResultBlockParam,
  notes: Notes,
  path: string,
): ChatMessage {
  const { content } = block;
  const parts: ContentPart[] =
    typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : convertContentParts(content ?? [], notes, `${path}.content`);
  if (block.is_error === true) sayItFailed(parts, notes, path);
  const last = parts.at(-1);
  if (block.cache_control != null && last) last['cache_control'] ??= block.cache_control;
  return {
    role: 'tool',
    tool_call_id: block.tool_use_id,
    content: asContent(parts),
    ...(block.is_error === true && { is_error: true }),
  };
}

function sayItFailed(parts: ContentPart[], notes: Notes, path: string): void {
  notes.note('messages.tool_result.is_error', 'emulated', `${path}.is_error`);
  const [first] = parts;
  if (first?.type !== 'text') parts.unshift({ type: 'text', text: FAILED.trimEnd() });
  else if (!SAYS_IT_FAILED.test(first.text ?? '')) first.text = FAILED + (first.text ?? '');
}
