import type { ChatMessage } from '../../../providers/chat/chat-api.js';
import type { MessagesRequest } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/**
 * A mark on the whole request asks for all of the prompt to be cached, which a mark on its last
 * part does too. Changes `messages`.
 */
export function convertAutomaticCache(
  control: MessagesRequest['cache_control'],
  messages: ChatMessage[],
  notes: Notes,
): void {
  const last = messages.at(-1);
  if (control == null || last === undefined) return;
  notes.note('cache_control', 'emulated');
  if (typeof last.content === 'string' && last.content !== '') {
    last.content = [{ type: 'text', text: last.content, cache_control: control }];
    return;
  }
  const part = Array.isArray(last.content) ? last.content.at(-1) : undefined;
  const marked = part ?? last;
  marked['cache_control'] ??= control;
}
