/** Ollama's native protocol as far as the proxy reads and writes it. */

export interface OllamaChatRequest {
  model: string;
  messages: OllamaMessage[];
  /** The vendor streams unless it is told not to. */
  stream: boolean;
  tools?: OllamaTool[];
  /** `json`, or a JSON schema. */
  format?: unknown;
  options?: Record<string, unknown>;
  think?: unknown;
  /** How long the model stays loaded: seconds, or text such as `5m`. */
  keep_alive?: unknown;
  logprobs?: boolean;
  top_logprobs?: number;
  truncate?: unknown;
  shift?: unknown;
}

export interface OllamaMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  thinking?: string;
  /** Pictures and sound alike; base64 once they are loaded. */
  images?: Array<string | PointedMedia>;
  tool_calls?: OllamaToolCall[];
  tool_name?: string;
  tool_call_id?: string;
}

/** A file that has to be loaded before the request can be sent. */
export interface PointedMedia {
  readonly url: string;
  /** Its place in the client's body. */
  readonly path: string;
}

export interface OllamaTool {
  type: 'function';
  function: { name: string; description?: string; parameters: unknown };
}

export interface OllamaToolCall {
  id?: string;
  function: { index?: number; name: string; arguments: unknown };
}

/** A whole answer, or one line of a stream. Vendors leave out what they like, so nothing is certain. */
export interface OllamaAnswer {
  model?: unknown;
  /** RFC 3339 with nanoseconds. */
  created_at?: unknown;
  message?: OllamaAnswerMessage | null;
  done?: unknown;
  done_reason?: unknown;
  logprobs?: unknown;
  [counter: string]: unknown;
}

export interface OllamaAnswerMessage {
  content?: unknown;
  thinking?: unknown;
  tool_calls?: unknown;
}

/** Members of an answer's last line; durations are nanoseconds. */
export const OLLAMA_COUNTERS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/** Members of `options`. Clients that mean this vendor also send them beside the documented fields. */
export const OLLAMA_OPTIONS: ReadonlySet<string> = new Set([
  'min_p',
  'mirostat',
  'mirostat_eta',
  'mirostat_tau',
  'num_batch',
  'num_ctx',
  'num_gpu',
  'num_keep',
  'num_predict',
  'num_thread',
  'repeat_last_n',
  'repeat_penalty',
  'tfs_z',
  'typical_p',
]);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectsIn(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
