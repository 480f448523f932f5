import { isDeepStrictEqual } from 'node:util';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { OLLAMA_OPTIONS } from './ollama-api.js';

/** Fields that the converters see to. */
const SEEN: ReadonlySet<string> = new Set([
  ...OLLAMA_OPTIONS,
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'response_format',
  'options',
  'keep_alive',
  'think',
  'truncate',
  'shift',
]);

/** Values that ask for what happens anyway. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  logit_bias: [{}],
  metadata: [{}],
  store: [false],
  service_tier: ['auto', 'default'],
  verbosity: ['medium'],
  modalities: [['text']],
  parallel_tool_calls: [true],
};

/** Everything that the vendor has no place for, known to us or not. */
export function noteDroppedFields(body: ChatCompletionRequest, report: TranslationReport): void {
  for (const [field, value] of Object.entries(body)) {
    if (SEEN.has(field) || value === undefined || value === null) continue;
    const neutral = Object.hasOwn(NEUTRAL, field) ? (NEUTRAL[field] ?? []) : [];
    if (neutral.some((each) => isDeepStrictEqual(each, value))) continue;
    report.note(field, 'dropped');
  }
}
