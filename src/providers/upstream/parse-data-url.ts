import type { Media } from '../contract/media.js';
import { invalidValue } from '../contract/refusals.js';
import { isMediaType } from './media-type.js';

/** Longest head there is sense in; what is longer has no comma where it should. */
const MAX_HEAD_LENGTH = 256;
const UNREADABLE = 'is no data URL that can be read';

/** RFC 2397 */
const DEFAULT_TYPE = 'text/plain';

export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/**
 * What a data URL holds, of whatever type; base64 is as it was written, for vendors that look for
 * themselves. Throws a `ProviderError` `rejected`.
 */
export function readDataUrl(url: string, path: string): Media {
  const { mediaType, isBase64, text } = splitDataUrl(url, path);
  const base64 = isBase64 ? text : Buffer.from(unescape(text, path)).toString('base64');
  return { mediaType: mediaType || DEFAULT_TYPE, base64 };
}

/**
 * A file that models can read. Takes base64 in any of its alphabets, and plain text. Throws a
 * `ProviderError` `rejected`.
 */
export function parseDataUrl(url: string, path: string): Media {
  const { mediaType, isBase64, text: escaped } = splitDataUrl(url, path);
  if (!isMediaType(mediaType)) {
    throw invalidValue(
      path,
      'must be an image, audio, a video or a PDF, and say so in its data URL',
    );
  }
  const text = unescape(escaped, path);
  const bytes = isBase64 ? decodeBase64(text) : Buffer.from(text);
  if (!bytes) throw invalidValue(path, 'is not written in base64');
  if (bytes.length === 0) throw invalidValue(path, 'is empty');
  return { mediaType, base64: bytes.toString('base64') };
}

/** The type is in lower case and without parameters. */
function splitDataUrl(url: string, path: string) {
  const comma = url.slice(0, MAX_HEAD_LENGTH).indexOf(',');
  if (comma === -1) throw invalidValue(path, UNREADABLE);
  const [mediaType = '', ...parameters] = url
    .slice('data:'.length, comma)
    .split(';')
    .map((text) => text.trim().toLowerCase());
  return { mediaType, isBase64: parameters.includes('base64'), text: url.slice(comma + 1) };
}

function unescape(text: string, path: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalidValue(path, UNREADABLE, cause);
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
