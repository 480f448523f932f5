/**
 * Anthropic's Messages protocol as far as the proxy reads it. Loose: unknown members are kept, and
 * a block may be of a type that is not here.
 * https://platform.claude.com/docs/en/api/messages
 */

export interface MessagesRequest {
  model: string;
  /** Absent when tokens are only counted. */
  max_tokens?: number | null;
  messages: MessageParam[];
  system?: string | TextBlockParam[] | null;
  stream?: boolean | null;
  temperature?: number | null;
  top_p?: number | null;
  top_k?: number | null;
  stop_sequences?: string[] | null;
  metadata?: { user_id?: string | null; [key: string]: unknown } | null;
  service_tier?: 'auto' | 'standard_only' | null;
  thinking?: ThinkingParam | null;
  output_config?: { effort?: string | null; format?: OutputFormat | null } | null;
  /** Where a schema was before there was an `output_config`. */
  output_format?: OutputFormat | null;
  tools?: ToolParam[] | null;
  tool_choice?: ToolChoiceParam | null;
  cache_control?: CacheControl | null;
  [key: string]: unknown;
}

export interface ThinkingParam {
  type: 'enabled' | 'adaptive' | 'between_tools' | 'disabled';
  budget_tokens?: number;
  display?: 'summarized' | 'omitted' | null;
}

export interface OutputFormat {
  type: string;
  schema?: unknown;
}

export interface CacheControl {
  type: string;
  ttl?: string;
}

/** `type` is absent or `custom` for what the client carries out; others are Anthropic's own. */
export interface ToolParam {
  type?: string | null;
  name?: string;
  description?: string | null;
  input_schema?: unknown;
  strict?: boolean | null;
  cache_control?: CacheControl | null;
  [key: string]: unknown;
}

export interface ToolChoiceParam {
  type: 'auto' | 'any' | 'tool' | 'none';
  name?: string;
  disable_parallel_tool_use?: boolean;
}

export interface MessageParam {
  role: 'user' | 'assistant' | 'system';
  content: string | BlockParam[];
}

interface Cacheable {
  cache_control?: CacheControl | null;
}

export interface TextBlockParam extends Cacheable {
  type: 'text';
  text: string;
  citations?: unknown;
}

export type MediaSource =
  | { type: 'base64'; media_type: string; data: string }
  | { type: 'text'; media_type?: string; data: string }
  | { type: 'url'; url: string }
  | { type: 'file'; file_id: string }
  | { type: 'content'; content: string | BlockParam[] };

export interface ImageBlockParam extends Cacheable {
  type: 'image';
  source: MediaSource;
  transformations?: unknown;
}

export interface DocumentBlockParam extends Cacheable {
  type: 'document';
  source: MediaSource;
  title?: string | null;
  context?: string | null;
  citations?: { enabled?: boolean } | null;
}

export interface SearchResultBlockParam extends Cacheable {
  type: 'search_result';
  title: string;
  source: string;
  content: TextBlockParam[];
  citations?: { enabled?: boolean } | null;
}

export interface ToolUseBlockParam extends Cacheable {
  type: 'tool_use';
  id: string;
  name: string;
  input: unknown;
}

export interface ToolResultBlockParam extends Cacheable {
  type: 'tool_result';
  tool_use_id: string;
  content?: string | BlockParam[] | null;
  is_error?: boolean | null;
}

export interface ThinkingBlockParam {
  type: 'thinking';
  thinking: string;
  signature?: string | null;
}

export interface RedactedThinkingBlockParam {
  type: 'redacted_thinking';
  data: string;
}

/** The types that the proxy knows; others arrive as well and are noted. */
export type BlockParam =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ToolUseBlockParam
  | ToolResultBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam;
