import type { ChatMessage, ContentPart } from '../../chat/chat-api.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRule } from './request-rules.js';

/** Where results of tools are text only, their images follow in a message of the user. */
export const IMAGES_AFTER_TOOLS: FieldRule = {
  kind: 'message',
  outcomes: ['emulated'],
  note: 'the image follows in a user message',
  convert: (message) => message,
};

/** The same list when there is nothing to move. */
export function moveToolImages(
  edit: RequestEdit,
  messages: readonly ChatMessage[],
): readonly ChatMessage[] {
  if (!messages.some(hasImages)) return messages;
  const result: ChatMessage[] = [];
  let waiting: ContentPart[] = [];
  for (const [index, message] of messages.entries()) {
    // All results of one step stand together, so the images come after the last of them.
    if (message.role !== 'tool') waiting = release(result, waiting);
    if (!hasImages(message)) {
      result.push(message);
      continue;
    }
    const parts = message.content as ContentPart[];
    const images = parts.filter(isImage);
    edit.note('messages.tool.image_url', 'emulated', `messages[${index}].content`);
    const label = `Image returned by the tool call ${message.tool_call_id ?? ''}:`;
    waiting.push({ type: 'text', text: label }, ...images);
    const rest = parts.filter((part) => !isImage(part));
    const text = { type: 'text', text: 'The image follows.' };
    result.push({ ...message, content: rest.length > 0 ? rest : [text] });
  }
  release(result, waiting);
  return result;
}

function release(result: ChatMessage[], waiting: ContentPart[]): ContentPart[] {
  if (waiting.length > 0) result.push({ role: 'user', content: waiting });
  return [];
}

function hasImages({ role, content }: ChatMessage): boolean {
  return role === 'tool' && Array.isArray(content) && content.some(isImage);
}

function isImage(part: ContentPart): boolean {
  return part.type === 'image_url';
}
