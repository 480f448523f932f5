import { totalInput, totalOutput, type TokenUsage } from '../contract/token-usage.js';
import type { ChatCompletionUsage } from './chat-api.js';

/** The disjoint buckets as OpenAI tells them: totals that contain their details. */
export function convertToChatUsage(usage: TokenUsage): ChatCompletionUsage {
  const input = totalInput(usage);
  const output = totalOutput(usage);
  const cacheWrite = usage.cacheWrite + usage.cacheWrite1h;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      ...(cacheWrite > 0 && { cache_write_tokens: cacheWrite }),
      ...(usage.inputAudio > 0 && { audio_tokens: usage.inputAudio }),
      ...(usage.inputImage > 0 && { image_tokens: usage.inputImage }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.outputReasoning,
      ...(usage.outputAudio > 0 && { audio_tokens: usage.outputAudio }),
      ...(usage.outputImage > 0 && { image_tokens: usage.outputImage }),
    },
  };
}
