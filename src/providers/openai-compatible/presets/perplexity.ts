import { DROP, REFUSE, renameTo } from '../rules/request-rules.js';
import { NO_OPENAI_EXTRAS, NO_TOOLS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Searches instead of calling tools. Source: https://docs.perplexity.ai/api-reference */
export const PERPLEXITY: Preset = {
  baseUrl: 'https://api.perplexity.ai',
  requiresApiKey: true,
  usage: { outputBeside: true },
  rules: {
    fields: {
      ...NO_OPENAI_EXTRAS,
      max_completion_tokens: renameTo('max_tokens'),
      n: REFUSE,
      seed: DROP,
      stop: DROP,
      logit_bias: DROP,
      logprobs: DROP,
      top_logprobs: DROP,
      user: DROP,
      metadata: DROP,
      service_tier: DROP,
      ...NO_TOOLS,
      'messages.name': DROP,
      'messages.reasoning': DROP,
      'messages.input_audio': REFUSE,
    },
  },
};
