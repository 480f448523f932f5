import { renameTo } from '../rules/request-rules.js';
import { NO_OPENAI_EXTRAS } from '../rules/shared-rules.js';
import type { Preset } from './preset.js';

/** Any version of the server. Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const VLLM: Preset = {
  baseUrl: 'http://127.0.0.1:8000/v1',
  requiresApiKey: false,
  wantsReasoningBack: true,
  hasCompletions: true,
  rules: {
    fields: {
      ...NO_OPENAI_EXTRAS,
      max_completion_tokens: renameTo('max_tokens'),
      safety_identifier: renameTo('user'),
    },
  },
};
