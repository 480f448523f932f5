import type { ChatMessage } from '../../../providers/chat/chat-api.js';
import { convertAssistantMessage } from './convert-assistant-message.js';
import { asContent, convertContentPart, convertContentParts } from './convert-content-parts.js';
import { convertToolResult } from './convert-tool-result.js';
import type { BlockParam, MessageParam, MessagesRequest } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** What stands ahead of the conversation; as one text where no block is marked for the cache. */
export function convertSystem(system: MessagesRequest['system'], notes: Notes): ChatMessage[] {
  if (system == null || system.length === 0) return [];
  return [{ role: 'system', content: convertInstructions(system, notes, 'system') }];
}

export function convertMessages(messages: readonly MessageParam[], notes: Notes): ChatMessage[] {
  return messages.flatMap((message, index) =>
    convertMessage(message, notes, `messages[${index}].content`),
  );
}

function convertMessage(
  { role, content }: MessageParam,
  notes: Notes,
  path: string,
): ChatMessage[] {
  switch (role) {
    case 'system':
      return [{ role, content: convertInstructions(content, notes, path) }];
    case 'assistant':
      return [convertAssistantMessage(content, notes, path)];
    case 'user':
      return typeof content === 'string'
        ? [{ role, content }]
        : convertUserBlocks(content, notes, path);
  }
}

function convertInstructions(
  content: string | readonly BlockParam[],
  notes: Notes,
  path: string,
): ChatMessage['content'] {
  if (typeof content === 'string') return content;
  const parts = convertContentParts(content, notes, path);
  const isPlain = parts.every((part) => part.type === 'text' && !('cache_control' in part));
  return isPlain ? parts.map((part) => part.text).join('\n\n') : parts;
}

/** Results of tools are messages of their own and stand next to the calls that asked for them. */
function convertUserBlocks(
  blocks: readonly BlockParam[],
  notes: Notes,
  path: string,
): ChatMessage[] {
  const results: ChatMessage[] = [];
  const parts = blocks.flatMap((block, index) => {
    const place = `${path}[${index}]`;
    if (block.type !== 'tool_result') return convertContentPart(block, notes, place);
    results.push(convertToolResult(block, notes, place));
    return [];
  });
  if (parts.length === 0 && results.length > 0) return results;
  return [...results, { role: 'user', content: asContent(parts) }];
}
