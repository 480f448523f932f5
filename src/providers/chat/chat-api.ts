/** OpenAI's chat completion protocol as far as the proxy reads it. Loose: unknown members are kept. */

export interface ChatCompletionRequest {
  model: string;
  messages: ChatMessage[];
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean; [key: string]: unknown } | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  n?: number | null;
  temperature?: number | null;
  stop?: string | string[] | null;
  tools?: ChatTool[];
  tool_choice?: unknown;
  response_format?: { type: string; [key: string]: unknown };
  reasoning_effort?: string | null;
  [key: string]: unknown;
}

export interface ChatMessage {
  role: string;
  content?: string | ContentPart[] | null;
  tool_calls?: ChatToolCall[];
  tool_call_id?: string;
  reasoning_content?: string | null;
  [key: string]: unknown;
}

export interface ContentPart {
  type: string;
  text?: string;
  image_url?: { url: string; detail?: string };
  [key: string]: unknown;
}

export interface ChatTool {
  type: string;
  function?: { name: string; description?: string; parameters?: unknown; strict?: boolean | null };
  [key: string]: unknown;
}

export type ChatToolCall = ChatFunctionCall | ChatCustomCall;

export interface ChatFunctionCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
  custom?: undefined;
  [key: string]: unknown;
}

/** Of a tool that takes free text. */
export interface ChatCustomCall {
  id: string;
  type: 'custom';
  custom: { name: string; input: string };
  function?: undefined;
  [key: string]: unknown;
}

/** A picture that the model made. */
export interface GeneratedImage {
  type?: string;
  image_url: { url: string };
  index?: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  choices: ChatChoice[];
  usage?: ChatCompletionUsage | null;
  service_tier?: string | null;
  [key: string]: unknown;
}

export interface ChatChoice {
  index: number;
  message: {
    role: 'assistant';
    content: string | null;
    refusal: string | null;
    reasoning_content?: string;
    tool_calls?: ChatToolCall[];
    images?: readonly GeneratedImage[];
    [key: string]: unknown;
  };
  logprobs: unknown;
  finish_reason: FinishReason;
}

export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: ChatChunkChoice[];
  usage?: ChatCompletionUsage | null;
  service_tier?: string | null;
  [key: string]: unknown;
}

export interface ChatChunkChoice {
  index: number;
  delta: {
    role?: 'assistant';
    content?: string | null;
    refusal?: string | null;
    reasoning_content?: string | null;
    tool_calls?: ChatToolCallDelta[];
    images?: readonly GeneratedImage[];
    [key: string]: unknown;
  };
  logprobs?: unknown;
  finish_reason: FinishReason | null;
}

export interface ChatToolCallDelta {
  index: number;
  id?: string;
  type?: 'function' | 'custom';
  function?: { name?: string; arguments?: string };
  custom?: { name?: string; input?: string };
  [key: string]: unknown;
}

export interface ChatCompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: {
    cached_tokens?: number;
    cache_write_tokens?: number;
    audio_tokens?: number;
    image_tokens?: number;
  } | null;
  completion_tokens_details?: {
    reasoning_tokens?: number;
    audio_tokens?: number;
    image_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
  } | null;
  [key: string]: unknown;
}
