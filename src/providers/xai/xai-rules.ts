import {
  DROP,
  limitTo,
  PASS,
  renameTo,
  replaceValues,
  type RequestRules,
} from '../openai-compatible/rules/request-rules.js';
import {
  NO_FILES,
  NO_OPENAI_EXTRAS,
  PLAIN_FUNCTIONS,
} from '../openai-compatible/rules/shared-rules.js';

/** Source: https://docs.x.ai/docs/api-reference and the guide to reasoning. */
export const XAI_RULES: RequestRules = {
  fields: {
    ...PLAIN_FUNCTIONS,
    ...NO_OPENAI_EXTRAS,
    ...NO_FILES,
    top_k: DROP,
    top_logprobs: limitTo(8),
    logit_bias: DROP,
    metadata: DROP,
    safety_identifier: renameTo('user'),
    service_tier: replaceValues({
      auto: ['default', 'mapped'],
      fast: ['priority', 'mapped'],
      flex: [undefined, 'dropped'],
      scale: [undefined, 'dropped'],
    }),
    reasoning_effort: replaceValues({
      minimal: ['low', 'approximated'],
      xhigh: ['high', 'approximated'],
      max: ['high', 'approximated'],
    }),
    'messages.reasoning': DROP,
  },
  families: [
    {
      name: 'reasoning models',
      models: /^grok-(?:3-mini|4|[5-9]|code)(?!.*non-reasoning)/,
      fields: { presence_penalty: DROP, frequency_penalty: DROP, stop: DROP },
    },
    {
      name: 'models whose reasoning cannot be steered',
      models: /^grok-(?:2|3(?!-mini)|4(?:-\d{4}|-latest|-fast|-1|\.1|\.20|$)|code)/,
      fields: { reasoning_effort: DROP },
    },
    {
      name: 'grok-4.6',
      models: /^grok-4\.6/,
      fields: {
        reasoning_effort: replaceValues({
          minimal: ['low', 'approximated'],
          max: ['xhigh', 'approximated'],
        }),
      },
    },
    { name: 'models that never reason', models: /non-reasoning/, fields: { stop: PASS } },
  ],
};
