import { renameTo } from '../rules/request-rules.js';
import { NO_FILES, NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Source: https://docs.fireworks.ai/api-reference/post-chatcompletions */
export const FIREWORKS: Preset = {
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  requiresApiKey: true,
  hasCompletions: true,
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
      ...NO_OPENAI_EXTRAS,
      ...NO_FILES,
      max_completion_tokens: renameTo('max_tokens'),
      safety_identifier: renameTo('user'),
    },
  },
};
