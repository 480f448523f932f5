import type { ContentPart } from '../chat/chat-api.js';
import type { ChatField } from '../chat/chat-fields.js';
import type { Target } from '../contract/target.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { isDataUrl, readDataUrl } from '../upstream/parse-data-url.js';
import type { GeminiBlob, GeminiPart } from './gemini-api.js';
import { invalidValue, unsupported } from '../contract/refusals.js';

/** A file that has to be fetched before the request can go out; `blob` is where it belongs. */
export interface PendingMedia {
  readonly blob: GeminiBlob;
  readonly url: string;
  readonly path: string;
}

/** What converters of one request share. */
export interface ContentContext {
  readonly target: Target;
  readonly pending: PendingMedia[];
}

/** What the vendor reads by itself: its own files, its own video site, its own buckets. */
const OWN_FILES =
  /^(?:https:\/\/generativelanguage\.googleapis\.com\/\S+\/files\/|https:\/\/(?:www\.)?youtube\.com\/|https:\/\/youtu\.be\/|gs:\/\/)/;
const OWN_FILE_ID = /^files\/[a-z0-9-]{1,64}$/;

/** The parts of a message; texts without characters are left out. */
export function convertContent(
  content: string | readonly ContentPart[] | null | undefined,
  context: ContentContext,
  path: string,
): GeminiPart[] {
  if (content == null || content === '') return [];
  if (typeof content === 'string') return [{ text: content }];
  return content.flatMap((part, index) => convertPart(part, context, `${path}[${index}]`));
}

function convertPart(part: ContentPart, context: ContentContext, path: string): GeminiPart[] {
  const { translation } = context.target;
  if (part['cache_control']) translation.note('messages.cache_control', 'dropped', path);
  switch (part.type) {
    case 'text':
      return part.text ? [{ text: part.text }] : [];
    case 'refusal':
      translation.note('messages.refusal', 'approximated', path);
      return [{ text: String(part['refusal']) }];
    case 'image_url':
      return [convertImage(part, context, path)];
    case 'video_url': {
      const url = isObject(part['video_url']) ? part['video_url']['url'] : undefined;
      return [convertUrl(url, context, `${path}.video_url`, 'messages.video_url')];
    }
    case 'input_audio':
      return [convertAudio(part['input_audio'], context, path)];
    case 'file':
      return [convertFile(part['file'], context, path)];
    default:
      throw unsupported(path, `is of the type '${part.type}', which this model does not read`);
  }
}

/** Notes it as `messages.image_url.…`, or as `field` where it stands in a tool's answer. */
export function convertImage(
  part: ContentPart,
  context: ContentContext,
  path: string,
  field?: ChatField,
): GeminiPart {
  const { url, detail } = part.image_url ?? { url: undefined };
  if (detail != null && detail !== 'auto') {
    const at = `${path}.image_url.detail`;
    context.target.translation.note('messages.image_url.detail', 'dropped', at);
  }
  return convertUrl(url, context, `${path}.image_url`, field ?? 'messages.image_url');
}

function convertUrl(
  url: unknown,
  { target, pending }: ContentContext,
  path: string,
  field: string,
): GeminiPart {
  if (typeof url !== 'string') throw invalidValue(path, 'must have a URL');
  const isImage = field === 'messages.image_url';
  if (isDataUrl(url)) {
    target.translation.note(isImage ? `${field}.data` : field, 'mapped', path);
    return inline(url, path);
  }
  const isOwn = OWN_FILES.test(url);
  target.translation.note(isImage ? `${field}.url` : field, isOwn ? 'mapped' : 'emulated', path);
  if (isOwn) return { fileData: { fileUri: url } };
  const blob: GeminiBlob = { mimeType: '', data: '' };
  pending.push({ blob, url, path });
  return { inlineData: blob };
}

function convertAudio(audio: unknown, { target }: ContentContext, path: string): GeminiPart {
  const at = `${path}.input_audio`;
  if (!isObject(audio) || typeof audio['data'] !== 'string') {
    throw invalidValue(at, 'must have data');
  }
  target.translation.note('messages.input_audio', 'mapped', at);
  const { data, format } = audio;
  if (isDataUrl(data)) return inline(data, at);
  return {
    inlineData: { mimeType: `audio/${typeof format === 'string' ? format : 'wav'}`, data },
  };
}

function convertFile(file: unknown, context: ContentContext, path: string): GeminiPart {
  const { target } = context;
  if (!isObject(file)) throw invalidValue(path, 'must have a file');
  const { file_data: data, file_id: id } = file;
  if (typeof data === 'string') {
    const at = `${path}.file.file_data`;
    if (/^https?:/i.test(data)) return convertUrl(data, context, at, 'messages.file.file_data');
    target.translation.note('messages.file.file_data', 'mapped', at);
    if (isDataUrl(data)) return inline(data, at);
    return { inlineData: { mimeType: 'application/pdf', data } };
  }
  if (typeof id === 'string' && OWN_FILE_ID.test(id)) {
    target.translation.note('messages.file.file_id', 'mapped', `${path}.file.file_id`);
    return { fileData: { fileUri: `${target.instance.baseUrl}/${id}` } };
  }
  throw unsupported(`${path}.file.file_id`, 'names a file that this provider does not have');
}

function inline(dataUrl: string, path: string): GeminiPart {
  const { mediaType, base64 } = readDataUrl(dataUrl, path);
  return { inlineData: { mimeType: mediaType, data: base64 } };
}
