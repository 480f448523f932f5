import { DROP, renameTo, type FieldRule } from '../rules/request-rules.js';
import type { RequestEdit } from '../rules/request-edit.js';
import { NO_FILES, NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import { SHORT_CALL_IDS } from './short-call-ids.js';
import type { Preset } from './preset.js';

/** The usage comes with every stream, and the member that asks for it is refused. */
const ALWAYS_REPORTED: FieldRule = {
  kind: 'convert',
  outcomes: ['passed'],
  note: 'the usage is always reported',
  convert: (edit, _value, field) => edit.remove(field),
};

/** An answer that the client began itself has to be marked as one. */
function markPrefix(edit: RequestEdit): void {
  const last = edit.messages.at(-1);
  if (last?.role !== 'assistant' || last['prefix'] !== undefined) return;
  edit.set('messages', [...edit.messages.slice(0, -1), { ...last, prefix: true }]);
}

/** Refuses every member that it does not know. Source: https://docs.mistral.ai/api */
export const MISTRAL: Preset = {
  baseUrl: 'https://api.mistral.ai/v1',
  requiresApiKey: true,
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
      ...NO_OPENAI_EXTRAS,
      ...NO_FILES,
      stream_options: ALWAYS_REPORTED,
      max_completion_tokens: renameTo('max_tokens'),
      seed: renameTo('random_seed'),
      top_k: DROP,
      logit_bias: DROP,
      logprobs: DROP,
      top_logprobs: DROP,
      user: DROP,
      service_tier: DROP,
      'tool_choice.required': renameTo('any'),
      'messages.name': DROP,
      'messages.tool_calls': SHORT_CALL_IDS,
      'messages.reasoning': DROP,
    },
    complete: markPrefix,
  },
};
