import { DROP, limitTo, renameTo, type FieldRule } from '../rules/request-rules.js';
import { NO_FILES, NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

const NEVER_REQUIRED: FieldRule = {
  kind: 'convert',
  outcomes: ['approximated'],
  note: 'as auto',
  convert: (edit, _value, form) => {
    edit.note(form, 'approximated', 'tool_choice');
    edit.set('tool_choice', 'auto');
  },
};

/** Source: https://platform.moonshot.ai/docs/api/chat */
export const MOONSHOT: Preset = {
  baseUrl: 'https://api.moonshot.ai/v1',
  requiresApiKey: true,
  wantsReasoningBack: true,
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
      ...NO_OPENAI_EXTRAS,
      ...NO_FILES,
      max_completion_tokens: renameTo('max_tokens'),
      temperature: limitTo(1),
      top_k: DROP,
      seed: DROP,
      logit_bias: DROP,
      logprobs: DROP,
      top_logprobs: DROP,
      user: DROP,
      metadata: DROP,
      service_tier: DROP,
      'tool_choice.required': NEVER_REQUIRED,
    },
  },
};
