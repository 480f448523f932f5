import type { ContentPart } from '../../chat/chat-api.js';
import { isObject } from '../openai-api.js';
import { unsupported } from '../../contract/refusals.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRules } from './request-rules.js';

/** One content part as the rules want it; undefined when it is left out. */
export function rewritePart(
  part: ContentPart,
  rules: FieldRules,
  edit: RequestEdit,
  path: string,
): ContentPart | undefined {
  const field = fieldOf(part);
  const rule = field === undefined ? undefined : rules[field];
  if (rule?.kind === 'refuse') throw unsupported(`${path}.${part.type}`);
  if (field !== undefined && rule?.kind === 'drop') {
    edit.note(field, 'dropped', `${path}.${part.type}`);
    return undefined;
  }
  const plain = withoutCacheControl(part, rules, edit, path);
  return withoutDetail(plain, rules, edit, path);
}

function fieldOf(part: ContentPart): keyof FieldRules | undefined {
  switch (part.type) {
    case 'image_url':
      return part.image_url?.url?.startsWith('data:')
        ? 'messages.image_url.data'
        : 'messages.image_url.url';
    case 'input_audio':
      return 'messages.input_audio';
    case 'file':
      return isObject(part['file']) && part['file']['file_id'] !== undefined
        ? 'messages.file.file_id'
        : 'messages.file.file_data';
    default:
      return undefined;
  }
}

function withoutCacheControl(
  part: ContentPart,
  rules: FieldRules,
  edit: RequestEdit,
  path: string,
): ContentPart {
  if (rules['messages.cache_control']?.kind !== 'drop') return part;
  if (part['cache_control'] === undefined) return part;
  const { cache_control: control, ...rest } = part;
  if (control !== null) edit.note('messages.cache_control', 'dropped', `${path}.cache_control`);
  return rest;
}

function withoutDetail(
  part: ContentPart,
  rules: FieldRules,
  edit: RequestEdit,
  path: string,
): ContentPart {
  if (rules['messages.image_url.detail']?.kind !== 'drop') return part;
  if (part.image_url?.detail === undefined) return part;
  const { detail, ...image } = part.image_url;
  if (detail !== 'auto') {
    edit.note('messages.image_url.detail', 'dropped', `${path}.image_url.detail`);
  }
  return { ...part, image_url: image };
}
