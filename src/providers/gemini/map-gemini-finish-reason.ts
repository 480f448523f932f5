import type { FinishReason } from '../chat/chat-api.js';

const FILTERED: ReadonlySet<unknown> = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'LANGUAGE',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** Why it stopped, in OpenAI's words. The vendor says STOP also of an answer that calls tools. */
export function mapGeminiFinishReason(reason: unknown, hasToolCalls: boolean): FinishReason {
  if (reason === 'MAX_TOKENS') return 'length';
  if (FILTERED.has(reason)) return 'content_filter';
  return hasToolCalls ? 'tool_calls' : 'stop';
}

/** A reason that explains an answer without content; any other one means that the model failed. */
export function allowsEmptyAnswer(reason: unknown): boolean {
  return reason === 'STOP' || reason === 'MAX_TOKENS' || FILTERED.has(reason);
}
