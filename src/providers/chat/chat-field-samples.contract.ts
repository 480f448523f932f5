import type { ChatCompletionRequest, ChatMessage } from './chat-api.js';
import type { ChatField } from './chat-fields.js';

type Sample = Partial<ChatCompletionRequest>;

/** A transparent pixel. */
export const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const TOOL = {
  type: 'function',
  function: { name: 'weather', description: 'The weather of a city', parameters: SCHEMA },
};
const CALL: ChatMessage = {
  role: 'assistant',
  content: null,
  tool_calls: [
    { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
  ],
};
const RESULT: ChatMessage = { role: 'tool', tool_call_id: 'call_1', content: 'sunny' };
const CUSTOM_TOOL = { type: 'custom', custom: { name: 'note', description: 'Takes a note' } };

/** A request that has the field; what it leaves out, the suite fills in. */
export const CHAT_FIELD_SAMPLES: Readonly<Record<ChatField, Sample>> = {
  stream: {},
  stream_options: {},
  max_tokens: { max_tokens: 64 },
  max_completion_tokens: { max_completion_tokens: 64 },
  temperature: { temperature: 0.5 },
  top_p: { top_p: 0.9 },
  top_k: { top_k: 40 },
  n: { n: 2 },
  stop: { stop: ['END'] },
  seed: { seed: 7 },
  presence_penalty: { presence_penalty: 0.5 },
  frequency_penalty: { frequency_penalty: 0.5 },
  logit_bias: { logit_bias: { '50256': -100 } },
  logprobs: { logprobs: true },
  top_logprobs: { logprobs: true, top_logprobs: 2 },
  user: { user: 'user-1' },
  safety_identifier: { safety_identifier: 'user-1' },
  metadata: { metadata: { topic: 'weather' } },
  store: { store: true },
  service_tier: { service_tier: 'default' },
  reasoning_effort: { reasoning_effort: 'low' },
  verbosity: { verbosity: 'low' },
  modalities: { modalities: ['text'] },
  audio: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } },
  prediction: { prediction: { type: 'content', content: 'Hello' } },
  moderation: { moderation: { model: 'omni-moderation-latest' } },
  web_search_options: { web_search_options: {} },
  prompt_cache_key: { prompt_cache_key: 'cache-1' },
  prompt_cache_retention: { prompt_cache_retention: '24h' },
  prompt_cache_options: { prompt_cache_options: { mode: 'implicit' } },
  'tools.function': { tools: [TOOL] },
  'tools.function.strict': {
    tools: [{ ...TOOL, function: { ...TOOL.function, strict: true } }],
  },
  'tools.custom': { tools: [CUSTOM_TOOL] },
  'tool_choice.none': { tools: [TOOL], tool_choice: 'none' },
  'tool_choice.auto': { tools: [TOOL], tool_choice: 'auto' },
  'tool_choice.required': { tools: [TOOL], tool_choice: 'required' },
  'tool_choice.function': {
    tools: [TOOL],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  },
  'tool_choice.custom': {
    tools: [CUSTOM_TOOL],
    tool_choice: { type: 'custom', custom: { name: 'note' } },
  },
  'tool_choice.allowed_tools': {
    tools: [TOOL],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: {
        mode: 'auto',
        tools: [{ type: 'function', function: { name: 'weather' } }],
      },
    },
  },
  parallel_tool_calls: { tools: [TOOL], parallel_tool_calls: false },
  functions: { functions: [TOOL.function] },
  function_call: { functions: [TOOL.function], function_call: 'auto' },
  'response_format.text': { response_format: { type: 'text' } },
  'response_format.json_object': { response_format: { type: 'json_object' } },
  'response_format.json_schema': {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: SCHEMA, strict: true },
    },
  },
  'messages.system': after({ role: 'system', content: 'Be brief.' }),
  'messages.developer': after({ role: 'developer', content: 'Be brief.' }),
  'messages.name': { messages: [{ role: 'user', name: 'ada', content: 'Hello' }] },
  'messages.text': { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
  'messages.image_url.data': image({ url: PIXEL }),
  'messages.image_url.url': image({ url: 'https://images.example/pixel.png' }),
  'messages.image_url.detail': image({ url: PIXEL, detail: 'low' }),
  'messages.input_audio': part({
    type: 'input_audio',
    input_audio: { data: 'UklGRiQAAABXQVZF', format: 'wav' },
  }),
  'messages.file.file_data': part({
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
  }),
  'messages.file.file_id': part({ type: 'file', file: { file_id: 'file-1' } }),
  'messages.tool_calls': { tools: [TOOL], messages: [user(), CALL, RESULT] },
  'messages.tool_calls.custom': {
    tools: [CUSTOM_TOOL],
    messages: [
      user(),
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'note', input: 'Hello' } }],
      },
      RESULT,
    ],
  },
  'messages.tool': { tools: [TOOL], messages: [user(), CALL, RESULT] },
  'messages.tool.image_url': {
    tools: [TOOL],
    messages: [
      user(),
      CALL,
      {
        ...RESULT,
        content: [
          { type: 'text', text: 'sunny' },
          { type: 'image_url', image_url: { url: PIXEL } },
        ],
      },
    ],
  },
  'messages.function': {
    functions: [TOOL.function],
    messages: [
      user(),
      {
        role: 'assistant',
        content: null,
        function_call: { name: 'weather', arguments: '{"city":"Rome"}' },
      },
      { role: 'function', name: 'weather', content: 'sunny' },
    ],
  },
  'messages.refusal': {
    messages: [user(), { role: 'assistant', content: null, refusal: 'I cannot.' }, user('Why?')],
  },
  'messages.audio': {
    messages: [
      user(),
      { role: 'assistant', content: null, audio: { id: 'audio_1' } },
      user('Again?'),
    ],
  },
  'messages.reasoning': {
    tools: [TOOL],
    messages: [user(), { ...CALL, reasoning_content: 'They want the weather.' }, RESULT],
  },
  'messages.cache_control': part({
    type: 'text',
    text: 'A long text',
    cache_control: { type: 'ephemeral' },
  }),
};

function user(content = 'Hello'): ChatMessage {
  return { role: 'user', content };
}

function after(first: ChatMessage): Sample {
  return { messages: [first, user()] };
}

function part(content: { type: string; [key: string]: unknown }): Sample {
  return { messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, content] }] };
}

function image(imageUrl: { url: string; detail?: string }): Sample {
  return part({ type: 'image_url', image_url: imageUrl });
}
