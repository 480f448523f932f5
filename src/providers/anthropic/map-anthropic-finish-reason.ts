import type { FinishReason } from '../chat/chat-api.js';

const FINISH_REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['compaction', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

/**
 * Why the model stopped. What counts for clients is whether they have calls to make: the tool that
 * stands in for a response format is none, and calls without `tool_use` still are.
 */
export function mapAnthropicFinishReason(reason: unknown, hasToolCalls: boolean): FinishReason {
  const mapped = FINISH_REASONS.get(reason) ?? 'stop';
  if (mapped === 'stop' || mapped === 'tool_calls') return hasToolCalls ? 'tool_calls' : 'stop';
  return mapped;
}
