import { IMAGES_AFTER_TOOLS } from './move-tool-images.js';
import {
  DROP,
  PASS,
  renameTo,
  type FieldRule,
  type FieldRules,
  type RequestRules,
} from './request-rules.js';

/** Sampling that the newer reasoning models take when they are told not to reason. */
const UNLESS_REASONING: FieldRule = {
  kind: 'convert',
  outcomes: ['passed', 'dropped'],
  note: 'dropped while the model reasons',
  convert: (edit, value, field) => {
    const effort = edit.get('reasoning_effort') ?? 'none';
    if (effort === 'none' || value === 1 || value === false) return;
    edit.note(field, 'dropped');
    edit.remove(field);
  },
};

const REASONING: FieldRules = {
  max_tokens: renameTo('max_completion_tokens'),
  temperature: DROP,
  top_p: DROP,
  logprobs: DROP,
  top_logprobs: DROP,
  presence_penalty: DROP,
  frequency_penalty: DROP,
  logit_bias: DROP,
};

/**
 * What the models that OpenAI made accept, wherever they are served: what they would answer with a
 * 400 is mapped or left out. Source: the API reference and the guide to reasoning models.
 */
export const OPENAI_RULES: RequestRules = {
  fields: {
    top_k: DROP,
    'messages.tool.image_url': IMAGES_AFTER_TOOLS,
    'messages.reasoning': DROP,
    'messages.cache_control': DROP,
  },
  families: [
    {
      name: 'models that never reason',
      models: /^(?:ft:)?(?:gpt-3\.?5|gpt-4|chatgpt-4o)/,
      fields: { reasoning_effort: DROP, verbosity: DROP },
    },
    {
      name: 'reasoning models',
      models: /^(?:ft:)?(?:o\d|gpt-(?:[5-9]|[12]\d)(?!\d)|codex-)(?!.*chat)/,
      fields: REASONING,
    },
    {
      name: 'o3, o4 and gpt-5',
      models: /^(?:ft:)?(?:o[34]|gpt-5(?![\d.]))(?!.*chat)/,
      fields: { stop: DROP },
    },
    {
      name: 'gpt-5.1 and later',
      models: /^(?:ft:)?gpt-(?:5\.\d|[6-9]|[12]\d)(?!.*(?:chat|codex|pro))/,
      fields: {
        temperature: UNLESS_REASONING,
        top_p: UNLESS_REASONING,
        logprobs: UNLESS_REASONING,
        top_logprobs: UNLESS_REASONING,
        stop: PASS,
      },
    },
  ],
};
