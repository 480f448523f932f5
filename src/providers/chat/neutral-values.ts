import type { ChatField } from './chat-fields.js';

/** Values that ask for what holds anyway, so that leaving them out loses nothing. */
const NEUTRAL_VALUES: ReadonlyMap<string, readonly unknown[]> = new Map([
  ['stream', [false]],
  ['temperature', [1]],
  ['top_p', [1]],
  ['n', [1]],
  ['presence_penalty', [0]],
  ['frequency_penalty', [0]],
  ['logprobs', [false]],
  ['top_logprobs', [0]],
  ['user', ['']],
  ['store', [false]],
  ['service_tier', ['auto', 'default']],
  ['verbosity', ['medium']],
  ['parallel_tool_calls', [true]],
  ['function_call', ['none']],
] satisfies Array<[ChatField, unknown[]]>);

/** Members that ask for nothing when they are empty. */
const MAPS: ReadonlySet<string> = new Set<ChatField>([
  'metadata',
  'logit_bias',
  'prompt_cache_options',
]);

/**
 * Fields that most clients send with a neutral value, so that a vendor without them often loses
 * nothing. A translation table tells both.
 */
export const OFTEN_NEUTRAL: Readonly<Partial<Record<string, unknown>>> = {
  modalities: ['text'],
  service_tier: 'default',
};

/** Whether a member of a request says nothing that would be missed. */
export function isNeutral(field: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (field === 'modalities') return JSON.stringify(value) === '["text"]';
  if (Array.isArray(value)) return value.length === 0;
  if (MAPS.has(field) && typeof value === 'object') return Object.keys(value).length === 0;
  return NEUTRAL_VALUES.get(field)?.includes(value) ?? false;
}
