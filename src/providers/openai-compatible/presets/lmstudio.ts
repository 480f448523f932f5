import { JSON_BY_SCHEMA } from '../rules/json-mode.js';
import { renameTo } from '../rules/request-rules.js';
import { NO_FILES, NO_OPENAI_EXTRAS, PLAIN_FUNCTIONS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Source: https://lmstudio.ai/docs/app/api/endpoints/openai */
export const LMSTUDIO: Preset = {
  baseUrl: 'http://127.0.0.1:1234/v1',
  requiresApiKey: false,
  hasCompletions: true,
  rules: {
    fields: {
      ...PLAIN_FUNCTIONS,
      ...NO_OPENAI_EXTRAS,
      ...NO_FILES,
      max_completion_tokens: renameTo('max_tokens'),
      safety_identifier: renameTo('user'),
      'response_format.json_object': JSON_BY_SCHEMA,
    },
  },
};
