/**
 * What the proxy writes of Anthropic's Messages protocol.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */

export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal';

/** What a message is made of when the proxy writes it. */
export type ContentBlock =
  | { type: 'text'; text: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown };

export interface StopDetails {
  type: 'refusal';
  category: null;
  explanation: string | null;
}

/** Cached input is not part of `input_tokens`; thinking is part of `output_tokens`. */
export interface MessagesUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
  cache_creation?: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number };
  output_tokens_details?: { thinking_tokens: number };
  server_tool_use?: { web_search_requests: number; web_fetch_requests: number };
  service_tier?: 'standard' | 'priority' | 'batch';
}

export interface MessagesResponse {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: ContentBlock[];
  stop_reason: StopReason | null;
  stop_sequence: null;
  stop_details?: StopDetails;
  usage: MessagesUsage;
}

export type BlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string };

export type BlockEvent =
  | { type: 'content_block_start'; index: number; content_block: ContentBlock }
  | { type: 'content_block_delta'; index: number; delta: BlockDelta }
  | { type: 'content_block_stop'; index: number };

export type StreamEvent =
  | { type: 'message_start'; message: MessagesResponse }
  | BlockEvent
  | {
      type: 'message_delta';
      delta: { stop_reason: StopReason; stop_sequence: null; stop_details?: StopDetails };
      usage: MessagesUsage;
    }
  | { type: 'message_stop' }
  | { type: 'ping' }
  | MessagesErrorBody;

export interface MessagesErrorBody {
  type: 'error';
  error: { type: MessagesErrorType; message: string };
  request_id: string;
}

export type MessagesErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error';
