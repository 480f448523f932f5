import { MENTIONS_JSON, SCHEMA_AS_INSTRUCTION } from '../openai-compatible/rules/json-mode.js';
import { EFFORT_IN_REASONING } from '../openai-compatible/rules/reasoning-effort.js';
import {
  DROP,
  REFUSE,
  renameTo,
  type RequestRules,
} from '../openai-compatible/rules/request-rules.js';
import { NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../openai-compatible/rules/shared-rules.js';

/** Source: https://docs.blackbox.ai/api-reference/chat */
export const BLACKBOX_RULES: RequestRules = {
  fields: {
    ...PLAIN_FUNCTIONS,
    ...NO_OPENAI_EXTRAS,
    max_completion_tokens: renameTo('max_tokens'),
    safety_identifier: renameTo('user'),
    n: REFUSE,
    metadata: DROP,
    service_tier: DROP,
    reasoning_effort: EFFORT_IN_REASONING,
    'response_format.json_object': MENTIONS_JSON,
    'response_format.json_schema': SCHEMA_AS_INSTRUCTION,
  },
};
