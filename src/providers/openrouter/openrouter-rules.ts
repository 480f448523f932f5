import { isObject } from '../openai-compatible/openai-api.js';
import { EFFORT_IN_REASONING } from '../openai-compatible/rules/reasoning-effort.js';
import type { FieldRule, RequestRules } from '../openai-compatible/rules/request-rules.js';

/** Pieces without the signature of their maker are refused by it. */
const SIGNED_REASONING: FieldRule = {
  kind: 'message',
  outcomes: ['passed', 'dropped'],
  note: 'as it came; pieces that lack their signature are dropped',
  convert: (message, edit, path) => {
    const details = message['reasoning_details'];
    if (!Array.isArray(details)) return message;
    const kept = details.filter((detail: unknown, index) => {
      if (!lacksSignature(detail)) return true;
      edit.note('messages.reasoning', 'dropped', `${path}.reasoning_details[${index}]`);
      return false;
    });
    return kept.length === details.length ? message : { ...message, reasoning_details: kept };
  },
};

/** Source: https://openrouter.ai/docs/api-reference/parameters */
export const OPENROUTER_RULES: RequestRules = {
  fields: {
    reasoning_effort: EFFORT_IN_REASONING,
    'messages.reasoning': SIGNED_REASONING,
  },
  complete: (edit) => {
    // What the call cost is told only to those who ask.
    if (edit.get('usage') === undefined) edit.set('usage', { include: true });
  },
};

function lacksSignature(detail: unknown): boolean {
  return (
    isObject(detail) &&
    detail['type'] === 'reasoning.text' &&
    detail['format'] === 'anthropic-claude-v1' &&
    !detail['signature']
  );
}
