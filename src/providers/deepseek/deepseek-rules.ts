import { MENTIONS_JSON, SCHEMA_AS_INSTRUCTION } from '../openai-compatible/rules/json-mode.js';
import {
  DROP,
  REFUSE,
  renameTo,
  type FieldRule,
  type RequestRules,
} from '../openai-compatible/rules/request-rules.js';
import {
  NO_FILES,
  NO_OPENAI_EXTRAS,
  PLAIN_FUNCTIONS,
} from '../openai-compatible/rules/shared-rules.js';
import { REASONING_WITH_CALLS, THINKING_EFFORT, UNLESS_THINKING } from './deepseek-thinking.js';

/** Only the beta endpoint holds tools to their schema. */
const BETA = /\/beta$/;

/** Runs while the effort, which may switch thinking off, is still as the client wrote it. */
const THINKING_FIELDS = {
  temperature: UNLESS_THINKING,
  top_p: UNLESS_THINKING,
  presence_penalty: UNLESS_THINKING,
  frequency_penalty: UNLESS_THINKING,
  logprobs: UNLESS_THINKING,
  top_logprobs: UNLESS_THINKING,
} satisfies Record<string, FieldRule>;

const FIELDS = {
  ...PLAIN_FUNCTIONS,
  ...NO_OPENAI_EXTRAS,
  ...NO_FILES,
  ...THINKING_FIELDS,
  max_completion_tokens: renameTo('max_tokens'),
  top_k: DROP,
  n: REFUSE,
  seed: DROP,
  logit_bias: DROP,
  user: renameTo('user_id'),
  safety_identifier: renameTo('user_id'),
  metadata: DROP,
  service_tier: DROP,
  reasoning_effort: THINKING_EFFORT,
  parallel_tool_calls: DROP,
  'response_format.json_object': MENTIONS_JSON,
  'response_format.json_schema': SCHEMA_AS_INSTRUCTION,
  'messages.reasoning': REASONING_WITH_CALLS,
} satisfies RequestRules['fields'];

/** Source: https://api-docs.deepseek.com/api/create-chat-completion */
export const DEEPSEEK_RULES: RequestRules = {
  fields: { ...FIELDS, 'tools.function.strict': DROP },
};

export const DEEPSEEK_BETA_RULES: RequestRules = { fields: FIELDS };

export function isBeta(baseUrl: string): boolean {
  return BETA.test(baseUrl);
}
