import type { ContentPart } from '../chat/chat-api.js';
import type { Media } from '../contract/media.js';
import type { TranslationReport } from '../contract/translation.js';
import { isDataUrl, readDataUrl } from '../upstream/parse-data-url.js';
import {
  isObject,
  textOf,
  type CacheControl,
  type ContentBlock,
  type MediaSource,
} from './anthropic-api.js';
import { invalidValue, unsupported } from '../contract/refusals.js';

/** Files that were uploaded to Anthropic itself; other vendors' ids look different. */
const OWN_FILE = /^file_\w+$/;
const PDF = 'application/pdf';

/** The parts of one message. Empty text is left out, because Anthropic refuses it. */
export function convertContent(
  content: string | readonly ContentPart[] | null | undefined,
  translation: TranslationReport,
  path: string,
  imageField: 'messages.image_url' | 'messages.tool.image_url' = 'messages.image_url',
): ContentBlock[] {
  if (typeof content === 'string') return textBlocks(content);
  const blocks: ContentBlock[] = [];
  (content ?? []).forEach((part, index) => {
    const place = `${path}[${index}]`;
    const converted = convertPart(part, translation, place, imageField);
    const cacheControl = cacheControlOf(part);
    const last = converted.at(-1);
    if (last && cacheControl) last.cache_control = cacheControl;
    blocks.push(...converted);
  });
  return blocks;
}

export function cacheControlOf(part: object): CacheControl | undefined {
  const control = (part as { cache_control?: unknown }).cache_control;
  return isObject(control) ? (control as unknown as CacheControl) : undefined;
}

function convertPart(
  part: ContentPart,
  translation: TranslationReport,
  path: string,
  imageField: string,
): ContentBlock[] {
  switch (part.type) {
    case 'text':
      return textBlocks(textOf(part.text));
    case 'image_url':
      return [convertImage(part, translation, path, imageField)];
    case 'file':
      return [convertFile(part, translation, path)];
    case 'input_audio':
      throw unsupported(`${path}.input_audio`, 'cannot be read: the provider takes no sound');
    case 'refusal':
      translation.note('messages.refusal', 'approximated', path);
      return textBlocks(textOf(part['refusal']));
    default:
      translation.note(`messages.${part.type}`, 'dropped', path);
      return [];
  }
}

function textBlocks(text: string): ContentBlock[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function convertImage(
  part: ContentPart,
  translation: TranslationReport,
  path: string,
  field: string,
): ContentBlock {
  const url = textOf(part.image_url?.url);
  const detail = part.image_url?.detail;
  if (detail != null && detail !== 'auto') {
    translation.note('messages.image_url.detail', 'dropped', `${path}.image_url.detail`);
  }
  const data = isDataUrl(url) ? readDataUrl(url, `${path}.image_url.url`) : undefined;
  if (field === 'messages.tool.image_url') translation.note(field, 'mapped', path);
  else translation.note(`messages.image_url.${data ? 'data' : 'url'}`, 'mapped', path);
  if (data) return { type: 'image', source: base64Source(data) };
  if (!isWebUrl(url)) {
    throw invalidValue(`${path}.image_url.url`, 'must be a web address or a base64 data URL');
  }
  return { type: 'image', source: { type: 'url', url } };
}

function convertFile(
  part: ContentPart,
  translation: TranslationReport,
  path: string,
): ContentBlock {
  const file = isObject(part['file']) ? part['file'] : {};
  const source = sourceOf(file, translation, `${path}.file`);
  const title = textOf(file['filename']);
  return { type: 'document', source, ...(title !== '' && { title }) };
}

function sourceOf(
  file: Readonly<Record<string, unknown>>,
  translation: TranslationReport,
  path: string,
): MediaSource {
  const id = file['file_id'];
  if (typeof id === 'string') {
    if (!OWN_FILE.test(id)) {
      throw unsupported(`${path}.file_id`, 'names a file that the provider does not have');
    }
    translation.note('messages.file.file_id', 'mapped', path);
    return { type: 'file', file_id: id };
  }
  const text = textOf(file['file_data']);
  translation.note('messages.file.file_data', 'mapped', path);
  if (isWebUrl(text)) return { type: 'url', url: text };
  const data = isDataUrl(text)
    ? readDataUrl(text, `${path}.file_data`)
    : bareFile(text, textOf(file['filename']));
  if (data?.mediaType === PDF) return base64Source(data);
  if (data?.mediaType.startsWith('text/')) {
    const decoded = Buffer.from(data.base64, 'base64').toString('utf8');
    return { type: 'text', media_type: 'text/plain', data: decoded };
  }
  throw unsupported(`${path}.file_data`, 'cannot be read: the provider takes PDF and text');
}

/** Base64 without the data URL around it, which OpenAI takes too: `JVBER` is `%PDF`. */
function bareFile(text: string, filename: string): Media | undefined {
  const isPdf = text.startsWith('JVBER') || (text !== '' && /\.pdf$/i.test(filename));
  return isPdf ? { mediaType: PDF, base64: text } : undefined;
}

function base64Source({ mediaType, base64 }: Media): MediaSource {
  const known = mediaType === 'image/jpg' ? 'image/jpeg' : mediaType;
  return { type: 'base64', media_type: known, data: base64 };
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\/./i.test(url);
}
