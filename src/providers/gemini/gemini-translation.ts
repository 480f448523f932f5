import type { TranslationTable } from '../contract/translation.js';

/** What becomes of each documented field; the families of `gemini-models.ts` are why some vary. */
export const GEMINI_TRANSLATION: TranslationTable = {
  stream: 'passed',
  stream_options: 'passed',
  max_tokens: {
    outcomes: ['mapped', 'approximated', 'dropped'],
    note: "lowered to the family's limit; left out beside another max_completion_tokens",
  },
  max_completion_tokens: {
    outcomes: ['mapped', 'approximated'],
    note: "lowered to the family's limit",
  },
  temperature: { outcomes: ['passed', 'dropped'], note: 'models with fixed sampling ignore it' },
  top_p: { outcomes: ['passed', 'dropped'], note: 'models with fixed sampling ignore it' },
  top_k: { outcomes: ['passed', 'dropped'], note: 'models with fixed sampling ignore it' },
  n: { outcomes: ['mapped', 'dropped'], note: 'at most 8; more is refused' },
  stop: { outcomes: ['mapped', 'approximated'], note: 'the first five' },
  seed: 'passed',
  presence_penalty: {
    outcomes: ['passed', 'dropped'],
    note: 'models with fixed sampling refuse it',
  },
  frequency_penalty: {
    outcomes: ['passed', 'dropped'],
    note: 'models with fixed sampling refuse it',
  },
  logit_bias: 'dropped',
  logprobs: 'mapped',
  top_logprobs: { outcomes: ['mapped', 'dropped'], note: 'only together with logprobs' },
  user: 'dropped',
  safety_identifier: 'dropped',
  metadata: 'dropped',
  store: { outcomes: ['passed', 'dropped'], note: 'false is what the vendor does anyway' },
  service_tier: {
    outcomes: ['passed', 'mapped', 'dropped'],
    note: 'auto, default, flex, priority and fast have an equivalent',
  },
  reasoning_effort: {
    outcomes: ['passed', 'mapped', 'approximated', 'dropped'],
    note: 'a budget up to 2.5, the nearest level from 3 on; nothing for models that do not think',
  },
  verbosity: { outcomes: ['passed', 'dropped'], note: 'medium asks for nothing' },
  modalities: {
    outcomes: ['passed', 'mapped', 'dropped'],
    note: 'text and image; audio is refused',
  },
  audio: 'dropped',
  prediction: 'dropped',
  moderation: 'dropped',
  web_search_options: {
    outcomes: ['mapped', 'approximated'],
    note: 'Google Search, without context size and place',
  },
  prompt_cache_key: 'dropped',
  prompt_cache_retention: 'dropped',
  prompt_cache_options: 'dropped',
  'tools.function': {
    outcomes: ['mapped', 'approximated'],
    note: 'approximated where the schema has keywords that the model does not take',
  },
  'tools.function.strict': {
    outcomes: ['mapped', 'dropped'],
    note: 'the mode VALIDATED, from 2.5 on',
  },
  'tools.custom': 'dropped',
  'tool_choice.none': 'mapped',
  'tool_choice.auto': 'passed',
  'tool_choice.required': 'mapped',
  'tool_choice.function': 'mapped',
  'tool_choice.custom': 'dropped',
  'tool_choice.allowed_tools': {
    outcomes: ['mapped', 'emulated'],
    note: 'before 2.5 the other tools are not offered',
  },
  parallel_tool_calls: { outcomes: ['passed', 'dropped'], note: 'false has no equivalent' },
  functions: {
    outcomes: ['mapped', 'approximated'],
    note: 'their calls come back as tool calls',
  },
  function_call: { outcomes: ['passed', 'mapped'], note: 'auto asks for nothing' },
  'response_format.text': 'passed',
  'response_format.json_object': 'mapped',
  'response_format.json_schema': {
    outcomes: ['mapped', 'approximated'],
    note: 'approximated where the schema has keywords that the model does not take',
  },
  'messages.system': {
    outcomes: ['mapped', 'emulated', 'approximated'],
    note: 'the system instruction; Gemma reads it before the first message; later ones become user text',
  },
  'messages.developer': {
    outcomes: ['mapped', 'emulated', 'approximated'],
    note: 'as messages.system',
  },
  'messages.name': 'dropped',
  'messages.text': 'passed',
  'messages.image_url.data': 'mapped',
  'messages.image_url.url': {
    outcomes: ['mapped', 'emulated'],
    note: 'fetched by the proxy, unless it is a file of the vendor or a video of its site',
  },
  'messages.image_url.detail': { outcomes: ['passed', 'dropped'], note: 'auto asks for nothing' },
  'messages.input_audio': 'mapped',
  'messages.file.file_data': 'mapped',
  'messages.file.file_id': {
    outcomes: ['mapped', 'dropped'],
    note: "the vendor's own files/…; others are refused",
  },
  'messages.tool_calls': {
    outcomes: ['mapped', 'approximated'],
    note: 'arguments that are no JSON object are put into one',
  },
  'messages.tool_calls.custom': {
    outcomes: ['approximated', 'dropped'],
    note: 'as a function call; refused together with custom tools',
  },
  'messages.tool': 'mapped',
  'messages.tool.image_url': {
    outcomes: ['mapped', 'emulated'],
    note: 'within the response from 3 on, beside it before',
  },
  'messages.function': { outcomes: ['mapped', 'approximated'], note: 'as messages.tool_calls' },
  'messages.refusal': 'approximated',
  'messages.audio': 'dropped',
  'messages.reasoning': {
    outcomes: ['mapped', 'dropped'],
    note: 'what the vendor signed goes back; other reasoning is left out',
  },
  'messages.cache_control': 'dropped',
};
