import type { TranslationTable } from '../contract/translation.js';

export const ANTHROPIC_TRANSLATION: TranslationTable = {
  stream: 'passed',
  stream_options: 'passed',
  max_tokens: {
    outcomes: ['passed', 'approximated'],
    note: 'The model’s largest output when absent; capped there. A thinking budget is added to it.',
  },
  max_completion_tokens: {
    outcomes: ['mapped', 'approximated'],
    note: 'As max_tokens.',
  },
  temperature: {
    outcomes: ['passed', 'approximated', 'dropped'],
    note: 'At most 1. Dropped while the model thinks, and by models newer than Claude Opus 4.6.',
  },
  top_p: {
    outcomes: ['passed', 'approximated', 'dropped'],
    note: 'Claude 4 takes it without temperature only; at least 0.95 while it thinks. Dropped by newer models.',
  },
  top_k: {
    outcomes: ['passed', 'dropped'],
    note: 'Dropped while the model thinks, and by models newer than Claude Opus 4.6.',
  },
  n: { outcomes: ['passed', 'dropped'], note: 'More than one answer is refused.' },
  stop: {
    outcomes: ['mapped', 'dropped'],
    note: 'Sequences of nothing but white space are dropped.',
  },
  seed: 'dropped',
  presence_penalty: 'dropped',
  frequency_penalty: 'dropped',
  logit_bias: 'dropped',
  logprobs: 'dropped',
  top_logprobs: 'dropped',
  user: {
    outcomes: ['mapped', 'dropped'],
    note: 'metadata.user_id, unless safety_identifier differs.',
  },
  safety_identifier: 'mapped',
  metadata: { outcomes: ['mapped', 'dropped'], note: 'Only user_id has a place.' },
  store: 'dropped',
  service_tier: {
    outcomes: ['passed', 'mapped', 'approximated', 'dropped'],
    note: 'auto is passed, default and flex are standard_only, priority is auto.',
  },
  reasoning_effort: {
    outcomes: ['mapped', 'approximated', 'dropped'],
    note: 'An effort from Claude 4.6 on, a thinking budget before. Dropped by models that cannot think, and where a forced tool call or lost thinking excludes a budget.',
  },
  verbosity: 'dropped',
  modalities: { outcomes: ['passed', 'dropped'], note: 'Anything but text is refused.' },
  audio: { outcomes: ['dropped'], note: 'Refused together with the modality.' },
  prediction: 'dropped',
  moderation: 'dropped',
  web_search_options: {
    outcomes: ['mapped', 'approximated'],
    note: 'The vendor’s own search tool; it has no context size.',
  },
  prompt_cache_key: 'dropped',
  prompt_cache_retention: 'dropped',
  prompt_cache_options: 'dropped',
  'tools.function': 'mapped',
  'tools.function.strict': {
    outcomes: ['passed', 'approximated', 'dropped'],
    note: 'From Claude 4.5 on; constraints that the vendor does not enforce become part of the description.',
  },
  'tools.custom': {
    outcomes: ['emulated', 'approximated'],
    note: 'A function with one text argument; a grammar is told to the model, not enforced.',
  },
  'tool_choice.none': 'mapped',
  'tool_choice.auto': 'mapped',
  'tool_choice.required': 'mapped',
  'tool_choice.function': 'mapped',
  'tool_choice.custom': 'mapped',
  'tool_choice.allowed_tools': {
    outcomes: ['emulated'],
    note: 'The other tools are not offered.',
  },
  parallel_tool_calls: {
    outcomes: ['passed', 'mapped'],
    note: 'true is what the vendor does anyway.',
  },
  functions: {
    outcomes: ['mapped', 'dropped'],
    note: 'As tools; the answer has a function_call. Dropped beside tools.',
  },
  function_call: 'mapped',
  'response_format.text': 'passed',
  'response_format.json_object': { outcomes: ['emulated'], note: 'By a tool with an open schema.' },
  'response_format.json_schema': {
    outcomes: ['mapped', 'emulated', 'approximated'],
    note: 'Native from Claude 4.5 on, where constraints that the vendor does not enforce become part of the description; by a tool before.',
  },
  'messages.system': {
    outcomes: ['mapped', 'approximated', 'dropped'],
    note: 'Ahead of the conversation; within it, as text of the user. Text only.',
  },
  'messages.developer': {
    outcomes: ['mapped', 'approximated', 'dropped'],
    note: 'As messages.system.',
  },
  'messages.name': 'dropped',
  'messages.text': 'passed',
  'messages.image_url.data': 'mapped',
  'messages.image_url.url': 'mapped',
  'messages.image_url.detail': 'dropped',
  'messages.input_audio': { outcomes: ['dropped'], note: 'Refused.' },
  'messages.file.file_data': {
    outcomes: ['mapped', 'dropped'],
    note: 'PDF and text; anything else is refused.',
  },
  'messages.file.file_id': {
    outcomes: ['mapped', 'dropped'],
    note: 'Files of the vendor’s own; others are refused.',
  },
  'messages.tool_calls': {
    outcomes: ['mapped', 'approximated'],
    note: 'Arguments that are no JSON object are put into one.',
  },
  'messages.tool_calls.custom': 'emulated',
  'messages.tool': {
    outcomes: ['mapped', 'emulated', 'approximated'],
    note: 'A missing result is made up as an error; one without a call becomes text.',
  },
  'messages.tool.image_url': 'mapped',
  'messages.function': 'mapped',
  'messages.refusal': { outcomes: ['approximated'], note: 'As text of the assistant.' },
  'messages.audio': 'dropped',
  'messages.reasoning': {
    outcomes: ['mapped', 'dropped'],
    note: 'Only reasoning_details that the vendor signed.',
  },
  'messages.cache_control': {
    outcomes: ['passed', 'dropped'],
    note: 'The last four marks; the vendor takes no more.',
  },
};
