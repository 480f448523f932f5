import type { ContentPart } from '../../../providers/chat/chat-api.js';
import type { TranslationReport } from '../../../providers/contract/translation.js';
import type { ResponsesPart } from '../responses-api.js';
import { unsupportedParameter } from '../unsupported-parameter.js';

/** Where what becomes of a request is noted. */
export type Translation = Pick<TranslationReport, 'note'>;

/**
 * The content of a message or of a tool's output.
 * @throws ApiError `unsupported_parameter`
 */
export function convertParts(
  content: string | readonly ResponsesPart[],
  translation: Translation,
  path: string,
): string | ContentPart[] {
  if (typeof content === 'string') return content;
  return simplifyContent(
    content.map((part, index) => convertPart(part, translation, `${path}[${index}]`)),
  );
}

/** One plain text is a string, because that is what every vendor takes. */
export function simplifyContent(parts: ContentPart[]): string | ContentPart[] {
  const [only] = parts;
  const isPlainText = parts.length === 1 && only?.type === 'text' && Object.keys(only).length === 2;
  return isPlainText ? (only.text ?? '') : parts;
}

/** @throws ApiError `unsupported_parameter` */
export function convertPart(
  part: ResponsesPart,
  translation: Translation,
  path: string,
): ContentPart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      noteDecoration(part, translation, path);
      return { type: 'text', text: part.text ?? '', ...breakpointOf(part) };
    case 'input_image':
      return { ...convertImage(part, translation, path), ...breakpointOf(part) };
    case 'input_file':
      return { ...convertFile(part, translation, path), ...breakpointOf(part) };
    case 'input_audio':
      return { type: 'input_audio', input_audio: part['input_audio'], ...breakpointOf(part) };
    default:
      throw unsupportedParameter(`${path}.type`, 'Content of this type cannot be sent.');
  }
}

/** What an earlier answer said about its text; no vendor takes it back. */
function noteDecoration(part: ResponsesPart, translation: Translation, path: string): void {
  for (const name of ['annotations', 'logprobs']) {
    const list = part[name];
    if (Array.isArray(list) && list.length > 0) {
      translation.note(`input.${name}`, 'dropped', `${path}.${name}`);
    }
  }
}

function convertImage(part: ResponsesPart, translation: Translation, path: string): ContentPart {
  const { image_url: url, detail } = part;
  if (typeof url !== 'string') {
    throw unsupportedParameter(
      part['file_id'] == null ? path : `${path}.file_id`,
      'Give the image in image_url, as a web address or as data.',
    );
  }
  if (typeof detail !== 'string') return { type: 'image_url', image_url: { url } };
  const isOriginal = detail === 'original';
  if (isOriginal) translation.note('input_image.detail', 'approximated', `${path}.detail`);
  return { type: 'image_url', image_url: { url, detail: isOriginal ? 'high' : detail } };
}

function convertFile(part: ResponsesPart, translation: Translation, path: string): ContentPart {
  const { file_id: id, file_data: data, file_url: url, filename, detail } = part;
  if (detail != null && detail !== 'auto') {
    translation.note('input_file.detail', 'dropped', `${path}.detail`);
  }
  if (id != null) return { type: 'file', file: { file_id: id } };
  // The canonical form has one member for a file's bytes and for the address where they are.
  const source = data ?? url;
  if (source == null)
    throw unsupportedParameter(path, 'A file needs file_data, file_url or file_id.');
  return { type: 'file', file: { file_data: source, ...(filename != null && { filename }) } };
}

function breakpointOf(part: ResponsesPart): Record<string, unknown> {
  const breakpoint = part['prompt_cache_breakpoint'];
  return breakpoint == null ? {} : { prompt_cache_breakpoint: breakpoint };
}
