import type { Exception } from './exceptions.js';

/** A rule of OpenAI's description that OpenAI itself does not keep. */
export interface LiftedRule {
  /** The end of it, as `OpenAiSchemas` tells it. */
  readonly rule: string;
  readonly reason: string;
  /** OpenAI's own answers that show it; absent where none of that endpoint is recorded. */
  readonly shownBy?: RegExp;
  /** Also for what the gateway writes itself, not only for what comes as its vendor wrote it. */
  readonly everywhere?: true;
}

const ANY_RESPONSE = /^openai\/responses\//;
const SHELL = /openai-shell-tool/;

export const LIFTED: readonly LiftedRule[] = [
  {
    rule: "must have required property 'output_text'",
    reason: 'the SDK adds it, it is never sent',
    shownBy: ANY_RESPONSE,
    everywhere: true,
  },
  {
    rule: '/user must be string',
    reason: 'null when the request names none',
    shownBy: ANY_RESPONSE,
    everywhere: true,
  },
  {
    rule: '/usage must be object',
    reason: 'null until it is known',
    shownBy: ANY_RESPONSE,
    everywhere: true,
  },
  {
    rule: '/system_fingerprint must be string',
    reason: 'null for newer models',
    shownBy: /azure-model-router/,
    everywhere: true,
  },
  {
    rule: 'completion/choices/*/finish_reason must be equal to one of the allowed values',
    reason: 'null in all chunks of a stream but the last',
    everywhere: true,
  },
  {
    rule: "/usage/input_tokens_details must have required property 'cache_write_tokens'",
    reason: 'newer than the recordings',
    shownBy: ANY_RESPONSE,
  },
  {
    rule: "response event must have required property 'name'",
    reason: 'the end of the arguments does not name the function',
    shownBy: /openai-tool-search/,
  },
  {
    rule: "/item must have required property 'action'",
    reason: 'a search that has just begun',
    shownBy: /openai-web-search-tool/,
  },
  {
    rule: "/item must have required property 'result'",
    reason: 'an image that has just begun',
    shownBy: /openai-image-generation-tool/,
  },
  { rule: "/item must have required property 'environment'", reason: 'absent', shownBy: SHELL },
  { rule: "/output/* must have required property 'environment'", reason: 'absent', shownBy: SHELL },
  ...['shell_call_command.added', 'shell_call_command.delta', 'shell_call_command.done'].map(
    (event) => ({ rule: unknownTag(`response.${event}`), reason: 'undocumented', shownBy: SHELL }),
  ),
  ...['delta', 'done'].map((step) => ({
    rule: unknownTag(`response.apply_patch_call_operation_diff.${step}`),
    reason: 'undocumented',
    shownBy: /openai-apply-patch-tool/,
  })),
  ...['code', 'message', 'param'].map((member) => ({
    rule: `response event must have required property '${member}'`,
    reason: 'an error event has them in `error`',
    shownBy: /openai-error/,
  })),
  {
    rule: '/error/code must be equal to one of the allowed values',
    reason: 'the list leaves codes out',
    shownBy: /openai-error/,
    everywhere: true,
  },
];

const LEFT_OUT = [
  'error',
  'incomplete_details',
  'instructions',
  'metadata',
  'parallel_tool_calls',
  'temperature',
  'tool_choice',
  'tools',
  'top_p',
];

/**
 * What no repair may touch: OpenAI's answers go on byte for byte, also those that somebody has cut,
 * and a tool that OpenAI does not have can be told in its vendor's form or not at all.
 */
export const VENDORS_OWN_FORMS: readonly Exception[] = [
  {
    route: 'responses',
    recordings: /^openai\/responses\/openai-phase/,
    rules: LEFT_OUT.map((member) => `response must have required property '${member}'`),
    reason: 'whoever recorded it left out what was of no interest, which OpenAI never does',
  },
  {
    route: 'responses',
    recordings: /^xai\/responses\/xai-x-search-tool/,
    rules: [
      `response/output/* ${unknownTag('x_search_call')}`,
      `response/tools/* ${unknownTag('x_search')}`,
    ],
    reason: 'a tool of xAI alone: under another name it would claim to be another search',
  },
];

function unknownTag(value: string): string {
  return `value of tag "type" must be in oneOf: ${value}`;
}
