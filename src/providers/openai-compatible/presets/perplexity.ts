import { DROP, REFUSE, renameTo } from '../rules/request-rules.js';
import { NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Searches instead of calling tools. Source: https://docs.perplexity.ai/api-reference */
export const PERPLEXITY: Preset = {
  baseUrl: 'https://api.perplexity.ai',
  requiresApiKey: true,
  usage: { outputBeside: true },
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
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
      'tools.function': REFUSE,
      'tools.custom': REFUSE,
      'tool_choice.none': DROP,
      'tool_choice.auto': DROP,
      'tool_choice.required': REFUSE,
      'tool_choice.function': REFUSE,
      parallel_tool_calls: DROP,
      'messages.name': DROP,
      'messages.reasoning': DROP,
      'messages.input_audio': REFUSE,
    },
  },
};
