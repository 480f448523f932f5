import type { ChatResponse } from '../chat/chat.js';
import { convertToChatResponse } from '../chat/convert-to-chat-response.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { findUpstreamRequestId } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { convertOllamaToolCalls } from './convert-ollama-tool-calls.js';
import { convertOllamaUsage } from './convert-ollama-usage.js';
import { mapOllamaFinishReason } from './map-ollama-finish-reason.js';
import { textOf } from './ollama-api.js';
import { envelopeOf, logprobsOf, readOllamaAnswer } from './read-ollama-answer.js';

/** One whole answer. Throws a `ProviderError` for what is none. */
export function convertOllamaAnswer(response: UpstreamResponse, target: Target): ChatResponse {
  const answer = readOllamaAnswer(response.text, target);
  if (answer.done !== true) {
    throw new ProviderError('invalid_response', 'The upstream sent an answer that is not complete');
  }
  const { message } = answer;
  const toolCalls = convertOllamaToolCalls(message?.tool_calls);
  return convertToChatResponse({
    envelope: envelopeOf(answer, target),
    choices: [
      {
        text: textOf(message?.content),
        reasoning: textOf(message?.thinking),
        toolCalls,
        logprobs: logprobsOf(answer),
        finishReason: mapOllamaFinishReason(answer.done_reason, toolCalls.length > 0),
      },
    ],
    usage: convertOllamaUsage(answer),
    upstreamRequestId: findUpstreamRequestId(response.headers),
  });
}
