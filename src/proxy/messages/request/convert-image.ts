import { ApiError } from '../../../common/errors/api-error.js';
import type { ContentPart } from '../../../providers/chat/chat-api.js';
import type { ImageBlockParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** @throws ApiError `unsupported_parameter` for a file that only Anthropic has */
export function convertImage(block: ImageBlockParam, notes: Notes, path: string): ContentPart {
  const { source } = block;
  if (block.transformations != null) {
    notes.note('messages.image.transformations', 'dropped', `${path}.transformations`);
  }
  switch (source.type) {
    case 'base64': {
      const url = `data:${source.media_type};base64,${source.data}`;
      return { type: 'image_url', image_url: { url } };
    }
    case 'url':
      return { type: 'image_url', image_url: { url: source.url } };
    default:
      throw new ApiError('unsupported_parameter', 'An image is given as base64 or as a URL.', {
        param: `${path}.source`,
      });
  }
}
