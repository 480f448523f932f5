/** Anthropic's Messages protocol: what we write strictly, what the vendor answers loosely. */

export type JsonObject = Record<string, unknown>;

export interface CacheControl {
  readonly type: string;
  readonly ttl?: string;
}

export type MediaSource =
  | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
  | { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly file_id: string };

export interface TextBlock {
  type: 'text';
  text: string;
  cache_control?: CacheControl;
}

export interface ImageBlock {
  type: 'image';
  source: MediaSource;
  cache_control?: CacheControl;
}

export interface DocumentBlock {
  type: 'document';
  source: MediaSource;
  title?: string;
  cache_control?: CacheControl;
}

export interface ToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  input: JsonObject;
  cache_control?: CacheControl;
}

export interface ToolResultBlock {
  type: 'tool_result';
  tool_use_id: string;
  content?: string | ContentBlock[];
  is_error?: true;
  cache_control?: CacheControl;
}

export type ThinkingBlock =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string };

/** What the content of a message or of a tool's result is made of. */
export type ContentBlock = TextBlock | ImageBlock | DocumentBlock;
export type RequestBlock = ContentBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock;

export interface Turn {
  role: 'user' | 'assistant';
  content: RequestBlock[];
}

export interface AnthropicTool {
  type?: string;
  name: string;
  description?: string;
  input_schema?: JsonObject;
  strict?: true;
  cache_control?: CacheControl;
  [key: string]: unknown;
}

export type AnthropicToolChoice =
  | { type: 'auto' | 'any'; disable_parallel_tool_use?: true }
  | { type: 'tool'; name: string; disable_parallel_tool_use?: true }
  | { type: 'none' };

export type Thinking =
  | { type: 'disabled' }
  | { type: 'adaptive'; display: 'summarized' }
  | { type: 'enabled'; budget_tokens: number };

export interface AnthropicRequest {
  model: string;
  max_tokens: number;
  stream?: true;
  system?: string | TextBlock[];
  messages: Turn[];
  tools?: AnthropicTool[];
  tool_choice?: AnthropicToolChoice;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
  thinking?: Thinking;
  output_config?: { effort?: string; format?: { type: 'json_schema'; schema: JsonObject } };
  service_tier?: 'auto' | 'standard_only';
  metadata?: { user_id: string };
}

/** A whole answer, or the opening record's `message`. Every member may be absent or wrong. */
export interface AnthropicMessage {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly model?: unknown;
  readonly content?: unknown;
  readonly stop_reason?: unknown;
  readonly stop_details?: unknown;
  readonly usage?: unknown;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The elements of a list that can be read; none when it is no list. */
export function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
