import { estimateTokens } from '../../usage/estimate-tokens.js';
import type { BlockParam, MediaSource, MessagesRequest } from './messages-api.js';

/** About what vendors bill for an image of ordinary size, 765 tokens. */
const CHARACTERS_PER_IMAGE = 3060;
/** A PDF is mostly fonts and pictures: of what it weighs in base64, about this share is read. */
const CHARACTERS_PER_BASE64 = 1 / 8;

/** Characters of the prompt, tools included; the base of an estimate of the input. */
export function countCharacters({ system, messages, tools }: MessagesRequest): number {
  let characters = contentCharacters(system) + (tools?.length ? JSON.stringify(tools).length : 0);
  for (const { content } of messages) characters += contentCharacters(content);
  return characters;
}

/** An answer to a request for tokens to be counted, where the vendor cannot be asked. */
export function estimateInputTokens(request: MessagesRequest): { input_tokens: number } {
  return { input_tokens: estimateTokens(countCharacters(request)) };
}

export function hasImages({ messages }: MessagesRequest): boolean {
  return messages.some(({ content }) => contentHasImages(content));
}

function contentHasImages(content: string | readonly BlockParam[] | null | undefined): boolean {
  if (content == null || typeof content === 'string') return false;
  return content.some(
    (block) =>
      block.type === 'image' || (block.type === 'tool_result' && contentHasImages(block.content)),
  );
}

function contentCharacters(content: string | readonly BlockParam[] | null | undefined): number {
  if (content == null) return 0;
  if (typeof content === 'string') return content.length;
  return content.reduce((sum, block) => sum + blockCharacters(block), 0);
}

function blockCharacters(block: BlockParam): number {
  switch (block.type) {
    case 'text':
      return block.text.length;
    case 'image':
      return CHARACTERS_PER_IMAGE;
    case 'document':
      return sourceCharacters(block.source) + (block.title?.length ?? 0);
    case 'search_result':
      return block.title.length + contentCharacters(block.content);
    case 'tool_use':
      return block.name.length + JSON.stringify(block.input).length;
    case 'tool_result':
      return contentCharacters(block.content);
    case 'thinking':
      return block.thinking.length;
    default:
      return 0;
  }
}

function sourceCharacters(source: MediaSource): number {
  switch (source.type) {
    case 'text':
      return source.data.length;
    case 'base64':
      return Math.ceil(source.data.length * CHARACTERS_PER_BASE64);
    case 'content':
      return contentCharacters(source.content);
    default:
      return 0;
  }
}
