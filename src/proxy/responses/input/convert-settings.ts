import type { ChatCompletionRequest } from '../../../providers/chat/chat-api.js';
import type { ResponsesRequest } from '../responses-api.js';
import { unsupportedParameter } from '../unsupported-parameter.js';
import type { Translation } from './convert-parts.js';
import { convertToolChoice } from './convert-tool-choice.js';

type Settings = Partial<ChatCompletionRequest>;
/** The schema has seen to it that each gets what it reads. */
type Convert = (value: never, translation: Translation) => Settings;

/** The same on both sides. */
const PASSED = new Set([
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'parallel_tool_calls',
  'metadata',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
  'service_tier',
  'moderation',
]);

/** Converted elsewhere, or, like `store`, the proxy's own affair. */
const CONVERTED_ELSEWHERE = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'previous_response_id',
  'store',
]);

/** They change what an answer is, not how it is made. */
const REFUSED = new Map([
  ['conversation', 'Conversations are not kept here; send the whole conversation.'],
  ['prompt', 'Prompt templates are not kept here; send the text itself.'],
]);

const CONVERTERS: Readonly<Record<string, Convert>> = {
  max_output_tokens: (limit: number) => ({ max_completion_tokens: limit }),
  tool_choice: (choice: unknown) => ({ tool_choice: convertToolChoice(choice) }),
  top_logprobs: (count: number) => (count > 0 ? { logprobs: true, top_logprobs: count } : {}),
  stream: (isStream: boolean) =>
    isStream ? { stream: true, stream_options: { include_usage: true } } : {},
  stream_options: convertStreamOptions,
  background: refuseBackground,
  truncation: convertTruncation,
  include: convertInclude,
  reasoning: convertReasoningSettings,
  text: convertText,
};

/**
 * All of a request but its conversation and its tools.
 * @throws ApiError `unsupported_parameter`
 */
export function convertSettings(request: ResponsesRequest, translation: Translation): Settings {
  const settings: Settings = {};
  for (const [name, value] of Object.entries(request)) {
    if (value == null || CONVERTED_ELSEWHERE.has(name)) continue;
    const reason = REFUSED.get(name);
    if (reason !== undefined) throw unsupportedParameter(name, reason);
    if (PASSED.has(name)) settings[name] = value;
    else if (Object.hasOwn(CONVERTERS, name)) {
      Object.assign(settings, CONVERTERS[name]?.(value as never, translation));
    } else translation.note(name, 'dropped');
  }
  return settings;
}

function refuseBackground(isBackground: unknown): Settings {
  if (isBackground !== true) return {};
  throw unsupportedParameter('background', 'Answers are given while the client waits.');
}

function convertTruncation(mode: unknown, translation: Translation): Settings {
  if (mode !== 'disabled') translation.note('truncation', 'dropped');
  return {};
}

function convertStreamOptions(options: unknown, translation: Translation): Settings {
  for (const [name, value] of Object.entries(options as object)) {
    // Nothing is obfuscated here.
    if (value == null || value === false) continue;
    translation.note(`stream_options.${name}`, 'dropped');
  }
  return {};
}

function convertInclude(include: readonly string[], translation: Translation): Settings {
  let settings: Settings = {};
  for (const [index, name] of include.entries()) {
    if (name === 'message.output_text.logprobs') settings = { logprobs: true };
    else if (name !== 'reasoning.encrypted_content') {
      translation.note('include', 'dropped', `include[${index}]`);
    }
  }
  return settings;
}

function convertReasoningSettings(
  { effort, summary, generate_summary: olderSummary, ...others }: ReasoningSettings,
  translation: Translation,
): Settings {
  const wanted = summary ?? olderSummary;
  // Reasoning is shown as the vendor gives it; nobody shortens or lengthens it.
  if (wanted === 'auto') translation.note('reasoning.summary', 'emulated');
  else if (wanted != null) translation.note('reasoning.summary', 'approximated');
  for (const [name, value] of Object.entries(others)) {
    if (value != null) translation.note(`reasoning.${name}`, 'dropped');
  }
  return effort == null ? {} : { reasoning_effort: effort };
}

type ReasoningSettings = NonNullable<ResponsesRequest['reasoning']>;

function convertText(
  { format, verbosity, ...others }: NonNullable<ResponsesRequest['text']>,
  translation: Translation,
): Settings {
  for (const [name, value] of Object.entries(others)) {
    if (value != null) translation.note(`text.${name}`, 'dropped');
  }
  const settings: Settings = verbosity == null ? {} : { verbosity };
  if (format == null || format.type === 'text') return settings;
  const { type, ...members } = format;
  settings.response_format =
    type === 'json_schema' ? { type, json_schema: withoutNulls(members) } : { type };
  return settings;
}

function withoutNulls(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null));
}
