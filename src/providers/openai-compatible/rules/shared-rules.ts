import { CUSTOM_CALLS_AS_FUNCTIONS } from './custom-calls.js';
import { IMAGES_AFTER_TOOLS } from './move-tool-images.js';
import { DROP, REFUSE, renameTo, type FieldRules } from './request-rules.js';
import { ONLY_ALLOWED_TOOLS } from './rewrite-tools.js';

/** For vendors whose tools are functions, in the present form of the protocol only. */
export const PLAIN_FUNCTIONS: FieldRules = {
  functions: DROP,
  function_call: DROP,
  'tools.custom': DROP,
  'tool_choice.custom': DROP,
  'tool_choice.allowed_tools': ONLY_ALLOWED_TOOLS,
  'messages.tool_calls.custom': CUSTOM_CALLS_AS_FUNCTIONS,
  'messages.tool.image_url': IMAGES_AFTER_TOOLS,
  'messages.function': REFUSE,
};

/** For vendors that call no tools at all. */
export const NO_TOOLS: FieldRules = {
  functions: REFUSE,
  function_call: DROP,
  parallel_tool_calls: DROP,
  'tools.function': REFUSE,
  'tools.function.strict': REFUSE,
  'tools.custom': REFUSE,
  'tool_choice.none': DROP,
  'tool_choice.auto': DROP,
  'tool_choice.required': REFUSE,
  'tool_choice.function': REFUSE,
  'tool_choice.custom': REFUSE,
  'tool_choice.allowed_tools': REFUSE,
  'messages.tool_calls': REFUSE,
  'messages.tool_calls.custom': REFUSE,
  'messages.tool': REFUSE,
  'messages.tool.image_url': REFUSE,
  'messages.function': REFUSE,
};

/** For vendors without OpenAI's own additions to the protocol. */
export const NO_OPENAI_EXTRAS: FieldRules = {
  safety_identifier: DROP,
  store: DROP,
  verbosity: DROP,
  modalities: DROP,
  audio: DROP,
  prediction: DROP,
  moderation: DROP,
  web_search_options: DROP,
  prompt_cache_key: DROP,
  prompt_cache_retention: DROP,
  prompt_cache_options: DROP,
  'messages.developer': renameTo('system'),
  'messages.refusal': renameTo('content'),
  'messages.audio': DROP,
  'messages.cache_control': DROP,
};

/** For vendors that read text and images only: leaving a file out would change the question. */
export const NO_FILES: FieldRules = {
  'messages.input_audio': REFUSE,
  'messages.file.file_data': REFUSE,
  'messages.file.file_id': REFUSE,
};
