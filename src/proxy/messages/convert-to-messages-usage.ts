import { totalOutput, type TokenUsage } from '../../providers/contract/token-usage.js';
import type { MessagesUsage } from './messages-answer-api.js';

/** What OpenAI and others call the tiers that Anthropic has. */
const SERVICE_TIERS: Readonly<Record<string, MessagesUsage['service_tier']>> = {
  standard: 'standard',
  default: 'standard',
  priority: 'priority',
  batch: 'batch',
};

/** The disjoint buckets as Anthropic tells them: cached input apart, thinking inside the output. */
export function convertToMessagesUsage(usage: TokenUsage): MessagesUsage {
  const { cacheWrite, cacheWrite1h, outputReasoning, webSearches } = usage;
  const tier = SERVICE_TIERS[usage.serviceTier ?? ''];
  return {
    input_tokens: usage.inputUncached + usage.inputAudio + usage.inputImage,
    cache_creation_input_tokens: cacheWrite + cacheWrite1h,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: totalOutput(usage),
    ...(cacheWrite + cacheWrite1h > 0 && {
      cache_creation: {
        ephemeral_5m_input_tokens: cacheWrite,
        ephemeral_1h_input_tokens: cacheWrite1h,
      },
    }),
    ...(outputReasoning > 0 && { output_tokens_details: { thinking_tokens: outputReasoning } }),
    ...(webSearches > 0 && {
      server_tool_use: { web_search_requests: webSearches, web_fetch_requests: 0 },
    }),
    ...(tier !== undefined && { service_tier: tier }),
  };
}
