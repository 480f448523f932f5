import type { ResponsesItem, ResponsesRequest } from './responses-api.js';

/** About what vendors bill for an image of ordinary size, 765 tokens. */
const CHARACTERS_PER_IMAGE = 3060;
/** A PDF is mostly fonts and pictures: of what it weighs in base64, about this share is read. */
const CHARACTERS_PER_BASE64 = 1 / 8;
/** Members that hold what a model reads. */
const READ = ['content', 'text', 'refusal', 'summary', 'name', 'arguments', 'input', 'output'];

/** Characters of the prompt, tools included; the base of an estimate of the input. */
export function countCharacters(
  { instructions, tools }: ResponsesRequest,
  items: readonly ResponsesItem[],
): number {
  const toolCharacters = tools?.length ? JSON.stringify(tools).length : 0;
  return (instructions?.length ?? 0) + toolCharacters + charactersOf(items);
}

export function hasImages(items: readonly ResponsesItem[]): boolean {
  return items.some(({ content, output }) =>
    [content, output].some((parts) => Array.isArray(parts) && parts.some(isImage)),
  );
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) {
    let characters = 0;
    for (const element of value) characters += charactersOf(element);
    return characters;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (isImage(value)) return CHARACTERS_PER_IMAGE;
  const members = value as Record<string, unknown>;
  let characters = Math.ceil(charactersOf(members['file_data']) * CHARACTERS_PER_BASE64);
  for (const name of READ) characters += charactersOf(members[name]);
  return characters;
}

function isImage(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'input_image';
}
