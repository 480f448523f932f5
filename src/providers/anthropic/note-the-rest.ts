import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { CHAT_FIELDS } from '../chat/chat-fields.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject } from './anthropic-api.js';
import { unsupported } from '../contract/refusals.js';

/** Documented fields that have no equivalent, and the values that ask for nothing. */
const WITHOUT_EQUIVALENT = new Map<string, (value: unknown) => boolean>([
  ['seed', () => false],
  ['presence_penalty', (value) => value === 0],
  ['frequency_penalty', (value) => value === 0],
  ['logit_bias', (value) => isObject(value) && Object.keys(value).length === 0],
  ['logprobs', (value) => value === false],
  ['top_logprobs', (value) => value === 0],
  ['store', (value) => value === false],
  ['verbosity', (value) => value === 'medium'],
  ['prediction', () => false],
  ['moderation', () => false],
  ['prompt_cache_key', () => false],
  ['prompt_cache_retention', () => false],
  ['prompt_cache_options', () => false],
]);

const DOCUMENTED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'response_format',
  ...CHAT_FIELDS,
]);

/** Refuses what nobody could do without, and reports what does not arrive. */
export function noteTheRest(body: ChatCompletionRequest, translation: TranslationReport): void {
  if (body.n != null && body.n !== 1) {
    throw unsupported('n', 'must be 1: the provider gives one answer to a request');
  }
  const modalities = body['modalities'];
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupported('modalities', 'must be text: the provider answers with nothing else');
  }
  if (body['audio'] != null) translation.note('audio', 'dropped');
  for (const [field, value] of Object.entries(body)) {
    if (value == null) continue;
    const isNeutral = WITHOUT_EQUIVALENT.get(field);
    if (isNeutral ? !isNeutral(value) : !DOCUMENTED.has(field)) translation.note(field, 'dropped');
  }
}
