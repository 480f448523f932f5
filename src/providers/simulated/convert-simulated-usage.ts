import type { ChatCompletionUsage } from '../chat/chat-api.js';
import { NO_USAGE, type TokenUsage } from '../contract/token-usage.js';
import type { SimulatedTally } from './simulated-api.js';

/** What the vendor's tokens mean: its counts are disjoint already. */
export function convertSimulatedUsage(tally: SimulatedTally): TokenUsage {
  return {
    ...NO_USAGE,
    inputUncached: tally.read,
    outputText: tally.written,
    outputReasoning: tally.thought,
    raw: tally,
  };
}

/** The same in the canonical form, where completion tokens contain the reasoning. */
export function convertToChatUsage(tally: SimulatedTally): ChatCompletionUsage {
  const completion = tally.written + tally.thought;
  return {
    prompt_tokens: tally.read,
    completion_tokens: completion,
    total_tokens: tally.read + completion,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: tally.thought },
  };
}
