/** OpenAI's Responses protocol as far as the proxy reads and writes it. Loose: unknown members are kept. */

export interface ResponsesRequest {
  model: string;
  input?: string | ResponsesItem[] | null;
  instructions?: string | null;
  previous_response_id?: string | null;
  store?: boolean | null;
  stream?: boolean | null;
  include?: string[] | null;
  max_output_tokens?: number | null;
  top_logprobs?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  parallel_tool_calls?: boolean | null;
  reasoning?: { effort?: string | null; summary?: string | null; [key: string]: unknown } | null;
  text?: {
    format?: ResponsesTextFormat | null;
    verbosity?: string | null;
    [key: string]: unknown;
  } | null;
  tools?: ResponsesTool[] | null;
  tool_choice?: unknown;
  [key: string]: unknown;
}

export interface ResponsesTextFormat {
  type: string;
  name?: string;
  schema?: unknown;
  strict?: boolean | null;
  description?: string | null;
  [key: string]: unknown;
}

export interface ResponsesTool {
  type: string;
  name?: string;
  description?: string | null;
  parameters?: unknown;
  strict?: boolean | null;
  format?: { type: string; syntax?: string; definition?: string } | null;
  tools?: ResponsesTool[];
  [key: string]: unknown;
}

/** An element of `input` or `output`. A message may come without its type. */
export interface ResponsesItem {
  type?: string | null;
  id?: string | null;
  [key: string]: unknown;
}

export interface ResponsesMessage extends ResponsesItem {
  role: 'user' | 'assistant' | 'system' | 'developer';
  content: string | ResponsesPart[];
}

export interface ResponsesPart {
  type: string;
  text?: string;
  refusal?: string;
  [key: string]: unknown;
}

/** A call of a function; of a custom tool when it has `input` in place of `arguments`. */
export interface ResponsesToolCall extends ResponsesItem {
  call_id: string;
  name: string;
  namespace?: string | null;
  arguments?: string;
  input?: string;
}

export interface ResponsesToolOutput extends ResponsesItem {
  /** Absent in outputs of the local shell, whose `id` is the call's. */
  call_id?: string;
  output: string | ResponsesPart[];
}

export interface ResponsesReasoning extends ResponsesItem {
  summary?: { type: string; text: string }[] | null;
  content?: { type: string; text: string }[] | null;
  encrypted_content?: string | null;
}

export type ResponsesStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed';

/** One whole answer, with every member that clients rely on. */
export interface ResponsesResponse {
  id: string;
  object: 'response';
  /** Unix seconds. */
  created_at: number;
  completed_at: number | null;
  status: ResponsesStatus;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null;
  model: string;
  output: ResponsesItem[];
  usage: ResponsesUsage | null;
  [key: string]: unknown;
}

export interface ResponsesUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
  /** USD, null when the model has no price; absent before it is known. */
  cost?: number | null;
}
