import { DROP, REFUSE, renameTo, replaceValues } from '../rules/request-rules.js';
import { NO_FILES, NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Source: https://console.groq.com/docs/openai */
export const GROQ: Preset = {
  baseUrl: 'https://api.groq.com/openai/v1',
  requiresApiKey: true,
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
      ...NO_OPENAI_EXTRAS,
      ...NO_FILES,
      n: REFUSE,
      top_k: DROP,
      logit_bias: DROP,
      logprobs: DROP,
      top_logprobs: DROP,
      safety_identifier: renameTo('user'),
      service_tier: replaceValues({
        default: ['on_demand', 'mapped'],
        scale: [undefined, 'dropped'],
        fast: [undefined, 'dropped'],
        priority: [undefined, 'dropped'],
      }),
      'messages.name': DROP,
      'messages.reasoning': renameTo('reasoning'),
    },
  },
};
