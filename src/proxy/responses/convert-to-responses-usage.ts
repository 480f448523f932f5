import { formatUsd } from '../../common/money/format-usd.js';
import { totalInput, totalOutput, type TokenUsage } from '../../providers/contract/token-usage.js';
import type { ResponsesUsage } from './responses-api.js';

/**
 * The disjoint buckets as this dialect tells them: totals that contain their details.
 * @param costNanoUsd null when the model has no price; leave it out while it is not known
 */
export function convertToResponsesUsage(
  usage: TokenUsage,
  costNanoUsd?: number | null,
): ResponsesUsage {
  const input = totalInput(usage);
  const output = totalOutput(usage);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWrite1h,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.outputReasoning },
    total_tokens: input + output,
    ...(costNanoUsd !== undefined && {
      cost: costNanoUsd === null ? null : Number(formatUsd(costNanoUsd)),
    }),
  };
}
