import type { BlockParam, MessageParam, MessagesRequest } from '../messages-api.js';
import { isReasoningState } from '../reasoning-state.js';
import type { Notes } from './recorded-notes.js';

/**
 * A request for a vendor that speaks the Messages API itself, without the thinking that other
 * vendors did: their signatures, which are ours, would be refused. The same object when there is
 * none.
 */
export function withoutForeignThinking(request: MessagesRequest, notes: Notes): MessagesRequest {
  if (!request.messages.some(hasForeignThinking)) return request;
  const messages = request.messages.flatMap((message, index) => {
    if (!hasForeignThinking(message)) return [message];
    notes.note('messages.thinking', 'dropped', `messages[${index}].content`);
    const content = (message.content as BlockParam[]).filter((block) => !isForeignThinking(block));
    return content.length === 0 ? [] : [{ ...message, content }];
  });
  return { ...request, messages };
}

function hasForeignThinking({ role, content }: MessageParam): boolean {
  return role === 'assistant' && Array.isArray(content) && content.some(isForeignThinking);
}

function isForeignThinking(block: BlockParam): boolean {
  return block.type === 'thinking' && block.signature != null && isReasoningState(block.signature);
}
