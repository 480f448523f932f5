import { isNeutral } from '../chat/neutral-values.js';
import { isObject } from '../openai-compatible/openai-api.js';
import type { RequestEdit } from '../openai-compatible/rules/request-edit.js';
import type { FieldRule } from '../openai-compatible/rules/request-rules.js';

/** Models that do not think unless they are asked to. */
const QUIET_MODELS = /^deepseek-(?:chat|coder|v[23](?:[.-]|$))/;

/** The words that there are for how much to think. */
const EFFORTS: Readonly<Record<string, readonly [string, 'mapped' | 'approximated']>> = {
  minimal: ['low', 'approximated'],
  medium: ['high', 'approximated'],
  xhigh: ['high', 'approximated'],
  ultra: ['max', 'mapped'],
};

/** Whether the model will think before it answers this request. */
export function thinks(edit: RequestEdit): boolean {
  const thinking = edit.get('thinking');
  if (isObject(thinking)) return thinking['type'] !== 'disabled';
  const effort = edit.get('reasoning_effort');
  if (typeof effort === 'string') return effort !== 'none';
  return !QUIET_MODELS.test(edit.target.model);
}

/** "None" is said by another member. */
export const THINKING_EFFORT: FieldRule = {
  kind: 'convert',
  outcomes: ['passed', 'mapped', 'approximated'],
  note: 'none as thinking.type, minimal as low, medium and xhigh as high, ultra as max',
  convert: (edit, value, field) => {
    if (value === 'none') {
      edit.note(field, 'mapped');
      edit.remove(field);
      if (edit.get('thinking') === undefined) edit.set('thinking', { type: 'disabled' });
      return;
    }
    const [effort, outcome] = EFFORTS[String(value)] ?? [];
    if (effort === undefined || outcome === undefined) return;
    edit.note(field, outcome);
    edit.set(field, effort);
  },
};

/** Without effect, or refused, as long as the model thinks. */
export const UNLESS_THINKING: FieldRule = {
  kind: 'convert',
  outcomes: ['passed', 'dropped'],
  note: 'dropped while the model thinks',
  convert: (edit, value, field) => {
    if (isNeutral(field, value) || !thinks(edit)) return;
    edit.note(field, 'dropped');
    edit.remove(field);
  },
};

/**
 * A thinking model wants the reasoning back with each of its tool calls, and an empty one rather
 * than none when nobody kept it. https://api-docs.deepseek.com/guides/thinking_mode
 */
export const REASONING_WITH_CALLS: FieldRule = {
  kind: 'message',
  outcomes: ['passed', 'dropped'],
  note: 'kept with tool calls; dropped elsewhere and in the form of other providers',
  convert: (message, edit, path) => {
    if (message.role !== 'assistant') return message;
    const calls = (message.tool_calls?.length ?? 0) > 0 && thinks(edit);
    const { reasoning_content: own, reasoning, reasoning_details: details, ...rest } = message;
    const text = own ?? reasoning;
    const isLost = text != null && text !== '' && !calls;
    const isForeign = text == null && Array.isArray(details) && details.length > 0;
    if (isLost || isForeign) {
      const member = isForeign ? 'reasoning_details' : 'reasoning_content';
      edit.note('messages.reasoning', 'dropped', `${path}.${member}`);
    }
    if (calls) {
      const isReady = typeof own === 'string' && reasoning === undefined && details === undefined;
      return isReady
        ? message
        : { ...rest, reasoning_content: typeof text === 'string' ? text : '' };
    }
    const isPlain = own === undefined && reasoning === undefined && details === undefined;
    return isPlain ? message : rest;
  },
};
