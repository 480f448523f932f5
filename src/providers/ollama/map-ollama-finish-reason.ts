import type { FinishReason } from '../chat/chat-api.js';

/**
 * Why the vendor stopped: `stop`, `length`, or `load` and `unload` when it was asked for nothing
 * else. It says `stop` after tool calls too.
 */
export function mapOllamaFinishReason(reason: unknown, hasToolCalls: boolean): FinishReason {
  if (reason === 'length') return 'length';
  return hasToolCalls ? 'tool_calls' : 'stop';
}
