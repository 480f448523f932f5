import { ApiError } from '../../../common/errors/api-error.js';
import type { ContentPart } from '../../../providers/chat/chat-api.js';
import { convertImage } from './convert-image.js';
import type { BlockParam, DocumentBlockParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

const DEFAULT_NAME = 'document.pdf';

/** A file stays one; text becomes part of the prompt, under its title. */
export function convertDocument(
  block: DocumentBlockParam,
  notes: Notes,
  path: string,
): ContentPart[] {
  if (block.citations?.enabled === true) {
    notes.note('messages.document.citations', 'dropped', `${path}.citations`);
  }
  const { source, title, context } = block;
  const headings = [title, context].filter((text) => text != null && text !== '');
  switch (source.type) {
    case 'base64': {
      const data = `data:${source.media_type};base64,${source.data}`;
      return [...contextPart(context), file({ filename: title || DEFAULT_NAME, file_data: data })];
    }
    case 'url':
      // Only what fetches it, or has it fetched, can take it.
      notes.note('messages.document.url', 'mapped', `${path}.source`);
      return [
        ...contextPart(context),
        file({ filename: title || DEFAULT_NAME, file_data: source.url }),
      ];
    case 'file':
      return [...contextPart(context), file({ file_id: source.file_id })];
    case 'text':
      notes.note('messages.document', 'mapped', path);
      return [textPart([...headings, source.data].join('\n\n'))];
    case 'content':
      notes.note('messages.document', 'mapped', path);
      return [
        ...headings.map((heading) => textPart(heading ?? '')),
        ...convertParts(source.content, notes, `${path}.source.content`),
      ];
    default:
      throw new ApiError('unsupported_parameter', 'This source of a document is not known.', {
        param: `${path}.source.type`,
      });
  }
}

function convertParts(content: string | BlockParam[], notes: Notes, path: string): ContentPart[] {
  if (typeof content === 'string') return [textPart(content)];
  return content.flatMap((block, index) => {
    if (block.type === 'text') return [textPart(block.text)];
    if (block.type === 'image') return [convertImage(block, notes, `${path}[${index}]`)];
    notes.note(`messages.${block.type}`, 'dropped', `${path}[${index}]`);
    return [];
  });
}

function contextPart(context: string | null | undefined): ContentPart[] {
  return context ? [textPart(context)] : [];
}

function textPart(text: string): ContentPart {
  return { type: 'text', text };
}

function file(given: { filename?: string; file_data?: string; file_id?: string }): ContentPart {
  return { type: 'file', file: given };
}
