import type { Media } from '../contract/media.js';
import { invalidValue } from '../contract/refusals.js';
import { isMediaType } from './media-type.js';

/** Longest head there is sense in; what is longer has no comma where it should. */
const MAX_HEAD_LENGTH = 256;

/** Takes base64 in any of its alphabets, and plain text. Throws a `ProviderError` `rejected`. */
export function parseDataUrl(url: string, path: string): Media {
  const comma = url.slice(0, MAX_HEAD_LENGTH).indexOf(',');
  if (comma === -1) throw invalidValue(path, 'is no data URL that can be read');
  const [mediaType = '', ...parameters] = url
    .slice('data:'.length, comma)
    .split(';')
    .map((text) => text.trim().toLowerCase());
  if (!isMediaType(mediaType)) {
    throw invalidValue(
      path,
      'must be an image, audio, a video or a PDF, and say so in its data URL',
    );
  }
  const isBase64 = parameters.includes('base64');
  const text = unescape(url.slice(comma + 1), path);
  const bytes = isBase64 ? decodeBase64(text) : Buffer.from(text);
  if (!bytes) throw invalidValue(path, 'is not written in base64');
  if (bytes.length === 0) throw invalidValue(path, 'is empty');
  return { mediaType, base64: bytes.toString('base64') };
}

function unescape(text: string, path: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalidValue(path, 'is no data URL that can be read', cause);
  }
}

/** Undefined for what is not base64: Node leaves out what it cannot read, so less comes out. */
function decodeBase64(given: string): Buffer | undefined {
  const text = /\s/.test(given) ? given.replace(/\s+/g, '') : given;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const characters = text.length - padding;
  const bytes = Buffer.from(text, 'base64');
  const isWhole = characters % 4 !== 1 && bytes.length === Math.floor((characters * 3) / 4);
  return isWhole ? bytes : undefined;
}
