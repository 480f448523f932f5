import type { ChatMessage, ChatToolCall, ContentPart } from '../../../providers/chat/chat-api.js';
import { convertContentPart } from './convert-content-parts.js';
import { convertThinkingBlocks } from './convert-thinking-blocks.js';
import type { BlockParam, ToolUseBlockParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** A turn of the model: its reasoning, what it said, and the calls it made. */
export function convertAssistantMessage(
  content: string | readonly BlockParam[],
  notes: Notes,
  path: string,
): ChatMessage {
  if (typeof content === 'string') return { role: 'assistant', content };
  const { text: reasoning, details, calls: extras } = convertThinkingBlocks(content, notes, path);
  const calls: ChatToolCall[] = [];
  const texts: TextRun[] = [];
  let cacheControl: unknown;
  content.forEach((block, index) => {
    if (block.type === 'thinking' || block.type === 'redacted_thinking') return;
    const place = `${path}[${index}]`;
    if (block.type === 'tool_use') {
      cacheControl = block.cache_control ?? cacheControl;
      calls.push(convertToolUse(block, extras, notes, place));
      return;
    }
    const parts = convertContentPart(block, notes, place);
    if (parts.length > 0) texts.push({ at: index, parts });
  });
  return {
    role: 'assistant',
    content: joinTexts(texts) ?? (calls.length > 0 ? null : ''),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(cacheControl != null && { cache_control: cacheControl }),
  };
}

interface TextRun {
  /** Of the block. */
  readonly at: number;
  readonly parts: ContentPart[];
}

/**
 * One text, which every vendor takes. Blocks that follow each other are pieces of one text, as an
 * answer with citations has them; between others something happened.
 */
function joinTexts(runs: readonly TextRun[]): ChatMessage['content'] | undefined {
  const parts = runs.flatMap((run) => run.parts);
  if (parts.length === 0) return undefined;
  if (!parts.every((part) => part.type === 'text' && !('cache_control' in part))) return parts;
  let text = '';
  let before = -1;
  for (const run of runs) {
    if (text !== '' && run.at > before + 1) text += '\n\n';
    text += run.parts.map((part) => part.text).join('');
    before = run.at;
  }
  return text;
}

function convertToolUse(
  block: ToolUseBlockParam,
  extras: ReadonlyMap<string, unknown>,
  notes: Notes,
  path: string,
): ChatToolCall {
  const { id, name, input } = block;
  const { caller, toolset_name: toolset } = block as { caller?: unknown; toolset_name?: unknown };
  if (toolset != null) notes.note('messages.tool_use.toolset_name', 'dropped', path);
  if (caller != null && (caller as { type?: unknown }).type !== 'direct') {
    notes.note('messages.tool_use.caller', 'dropped', path);
  }
  const extra = extras.get(id);
  return {
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
    ...(extra !== undefined && { extra_content: extra }),
  };
}
