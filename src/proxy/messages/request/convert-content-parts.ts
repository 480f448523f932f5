import type { ContentPart } from '../../../providers/chat/chat-api.js';
import { convertDocument } from './convert-document.js';
import { convertImage } from './convert-image.js';
import type { BlockParam, SearchResultBlockParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/**
 * Blocks that say or show something, as parts of a message. Others, such as the results of tools
 * that Anthropic ran, are noted and left out.
 */
export function convertContentParts(
  blocks: readonly BlockParam[],
  notes: Notes,
  path: string,
): ContentPart[] {
  return blocks.flatMap((block, index) => convertContentPart(block, notes, `${path}[${index}]`));
}

/** One block may be several parts. */
export function convertContentPart(block: BlockParam, notes: Notes, path: string): ContentPart[] {
  const parts = convertBlock(block, notes, path);
  const control = 'cache_control' in block ? block.cache_control : undefined;
  const last = parts.at(-1);
  if (control != null && last) last['cache_control'] = control;
  return parts;
}

/** A lone text without a mark is a string, which every vendor takes. */
export function asContent(parts: ContentPart[]): string | ContentPart[] {
  const [first] = parts;
  if (first === undefined) return '';
  const isPlain = parts.length === 1 && first.type === 'text' && !('cache_control' in first);
  return isPlain ? (first.text ?? '') : parts;
}

function convertBlock(block: BlockParam, notes: Notes, path: string): ContentPart[] {
  switch (block.type) {
    case 'text':
      if (Array.isArray(block.citations) && block.citations.length > 0) {
        notes.note('messages.citations', 'dropped', `${path}.citations`);
      }
      return [{ type: 'text', text: block.text }];
    case 'image':
      return [convertImage(block, notes, path)];
    case 'document':
      return convertDocument(block, notes, path);
    case 'search_result':
      return [convertSearchResult(block, notes, path)];
    default:
      notes.note(`messages.${block.type}`, 'dropped', path);
      return [];
  }
}

function convertSearchResult(
  block: SearchResultBlockParam,
  notes: Notes,
  path: string,
): ContentPart {
  notes.note('messages.search_result', 'approximated', path);
  const text = block.content.map((part) => part.text).join('\n\n');
  return { type: 'text', text: `${block.title}\n${block.source}\n\n${text}` };
}
