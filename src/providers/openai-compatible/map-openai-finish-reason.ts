import type { FinishReason } from '../chat/chat-api.js';
import { ProviderError } from '../contract/provider-error.js';

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['function_call', 'function_call'],
  ['max_tokens', 'length'],
  ['max_length', 'length'],
  ['model_length', 'length'],
  ['tool_use', 'tool_calls'],
  ['tool_call', 'tool_calls'],
  ['safety', 'content_filter'],
  ['recitation', 'content_filter'],
]);

/**
 * Why the vendor stopped, in the canonical words; null while it has not. Words that are not known
 * are ordinary ends (`eos`, `end_turn`, `stop_sequence` …).
 */
export function mapOpenAiFinishReason(reason: unknown): FinishReason | null {
  if (typeof reason !== 'string' || reason === '') return null;
  return FINISH_REASONS.get(reason.toLowerCase()) ?? 'stop';
}

/** Throws for a finish reason that says that the vendor failed, as if it had answered 503. */
export function refuseFailure(reason: unknown, failures?: ReadonlySet<string>): void {
  if (typeof reason !== 'string' || !failures?.has(reason)) return;
  throw new ProviderError('failed', 'The upstream gave up before the answer was complete', {
    status: 503,
    vendorCode: reason,
  });
}
