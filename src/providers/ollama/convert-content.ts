import type { ChatMessage } from '../chat/chat-api.js';
import type { Media } from '../contract/media.js';
import type { TranslationReport } from '../contract/translation.js';
import { isDataUrl, readDataUrl } from '../upstream/parse-data-url.js';
import { isObject, objectsIn, type PointedMedia, textOf } from './ollama-api.js';
import { invalidValue, unsupported } from '../contract/refusals.js';

export interface OllamaContent {
  readonly text: string;
  readonly images: Array<string | PointedMedia>;
}

type Part = Record<string, unknown>;

/** It does not say what it is. */
const BARE_FILE: Media = { mediaType: '', base64: '' };
const PICTURE_OR_SOUND = /^(?:image|audio)\//;

/** A message's content: the vendor takes one text, and beside it pictures and sound. */
export function convertContent(
  message: ChatMessage,
  path: string,
  report: TranslationReport,
): OllamaContent {
  const { content } = message;
  if (typeof content === 'string') return { text: content, images: [] };
  const converter = new ContentConverter(message.role === 'tool', report);
  for (const [index, part] of objectsIn(content).entries()) {
    converter.add(part, `${path}.content[${index}]`);
  }
  return converter;
}

class ContentConverter implements OllamaContent {
  text = '';
  readonly images: Array<string | PointedMedia> = [];

  constructor(
    private readonly isToolResult: boolean,
    private readonly report: TranslationReport,
  ) {}

  add(part: Part, path: string): void {
    if (isObject(part['cache_control'])) {
      this.report.note('messages.cache_control', 'dropped', `${path}.cache_control`);
    }
    switch (part['type']) {
      case 'text':
        this.report.note('messages.text', 'mapped', path);
        this.text += textOf(part['text']);
        return;
      case 'refusal':
        this.report.note('messages.refusal', 'approximated', path);
        this.text += textOf(part['refusal']);
        return;
      case 'image_url':
        return this.#addImage(part['image_url'], `${path}.image_url`);
      case 'input_audio':
        return this.#addAudio(part['input_audio'], `${path}.input_audio`);
      case 'file':
        return this.#addFile(part['file'], `${path}.file`);
      default:
        throw unsupported(path, 'is of a type that the provider cannot read');
    }
  }

  #addImage(image: unknown, path: string): void {
    const { url, detail } = isObject(image) ? image : { url: image };
    if (typeof url !== 'string' || url === '') throw invalidValue(path, 'must have a url');
    const isData = isDataUrl(url);
    const field = this.isToolResult
      ? 'messages.tool.image_url'
      : `messages.image_url.${isData ? 'data' : 'url'}`;
    this.report.note(field, isData ? 'mapped' : 'emulated', path);
    if (typeof detail === 'string' && detail !== 'auto') {
      this.report.note('messages.image_url.detail', 'dropped', `${path}.detail`);
    }
    this.images.push({ url, path });
  }

  /** Models that hear take sound where the others take pictures. */
  #addAudio(audio: unknown, path: string): void {
    const data = isObject(audio) ? textOf(audio['data']) : '';
    if (data === '') throw invalidValue(path, 'must have data');
    this.report.note('messages.input_audio', 'mapped', path);
    this.images.push(data);
  }

  #addFile(file: unknown, path: string): void {
    const data = isObject(file) ? textOf(file['file_data']) : '';
    if (data === '') {
      throw unsupported(`${path}.file_id`, 'cannot be read: the provider keeps no files');
    }
    const dataPath = `${path}.file_data`;
    const { mediaType, base64 } = isDataUrl(data) ? readDataUrl(data, dataPath) : BARE_FILE;
    if (PICTURE_OR_SOUND.test(mediaType)) {
      this.report.note('messages.file.file_data', 'mapped', dataPath);
      this.images.push({ url: data, path: dataPath });
      return;
    }
    if (!mediaType.startsWith('text/')) {
      throw unsupported(dataPath, 'cannot be read: the provider takes text, pictures and sound');
    }
    this.report.note('messages.file.file_data', 'emulated', dataPath);
    this.text += Buffer.from(base64, 'base64').toString();
  }
}
