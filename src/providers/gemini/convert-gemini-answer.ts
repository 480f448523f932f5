import type { ChatResponse } from '../chat/chat.js';
import type { ChatToolCall, GeneratedImage } from '../chat/chat-api.js';
import { convertToChatResponse, type AnswerChoice } from '../chat/convert-to-chat-response.js';
import type { ReasoningDetail } from '../chat/reasoning.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { findUpstreamRequestId } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { convertGrounding, countSearches } from './convert-grounding.js';
import { convertLogprobs } from './convert-logprobs.js';
import type { GeminiAnswerCall, GeminiCandidate } from './gemini-api.js';
import { allowsEmptyAnswer, mapGeminiFinishReason } from './map-gemini-finish-reason.js';
import {
  candidatesOf,
  convertEnvelope,
  idOf,
  isBlocked,
  parseGeminiAnswer,
  piecesOf,
  textOf,
  withoutAnswer,
} from './read-gemini-answer.js';
import { REASONING_FORMAT, toExtraContent } from './signatures.js';

const BLOCKED: AnswerChoice = { text: '', finishReason: 'content_filter' };

/** A whole answer. Throws a `ProviderError` when there is none. */
export function convertGeminiAnswer(upstream: UpstreamResponse, target: Target): ChatResponse {
  const response = parseGeminiAnswer(upstream.text, target, upstream.headers);
  const candidates = candidatesOf(response);
  if (candidates.length === 0 && !isBlocked(response)) {
    throw new ProviderError('invalid_response', 'The upstream answered without candidates');
  }
  const failed = candidates.find((candidate) => !allowsEmptyAnswer(candidate.finishReason));
  if (failed && candidates.every((candidate) => piecesOf(candidate).length === 0)) {
    throw withoutAnswer(failed.finishReason);
  }
  const searches = candidates.reduce((sum, candidate) => sum + countSearches(candidate), 0);
  return convertToChatResponse({
    envelope: convertEnvelope(response, target),
    choices: candidates.length > 0 ? candidates.map(convertCandidate) : [BLOCKED],
    usage: convertGeminiUsage(response.usageMetadata, searches),
    upstreamRequestId: findUpstreamRequestId(upstream.headers) ?? textOf(response.responseId),
  });
}

function convertCandidate(candidate: GeminiCandidate): AnswerChoice {
  let text = '';
  let reasoning = '';
  const toolCalls: ChatToolCall[] = [];
  const images: GeneratedImage[] = [];
  const reasoningDetails: ReasoningDetail[] = [];
  for (const piece of piecesOf(candidate)) {
    const { signature } = piece;
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'thought') reasoning += piece.text;
    else if (piece.kind === 'image') {
      images.push({ type: 'image_url', image_url: { url: piece.url } });
    } else toolCalls.push(convertCall(piece.call, signature));
    if (signature !== undefined && piece.kind !== 'call') {
      reasoningDetails.push({
        type: 'reasoning.encrypted',
        data: signature,
        format: REASONING_FORMAT,
        index: reasoningDetails.length,
      });
    }
  }
  return {
    text,
    reasoning,
    reasoningDetails,
    toolCalls,
    images,
    annotations: convertGrounding(candidate, text),
    logprobs: convertLogprobs(candidate.logprobsResult),
    finishReason: mapGeminiFinishReason(candidate.finishReason, toolCalls.length > 0),
  };
}

function convertCall(call: GeminiAnswerCall, signature: string | undefined): ChatToolCall {
  const extra = toExtraContent(signature);
  return {
    id: idOf(call),
    type: 'function',
    function: {
      name: textOf(call.name) ?? '',
      arguments: isObject(call.args) ? JSON.stringify(call.args) : '{}',
    },
    ...(extra !== undefined && { extra_content: extra }),
  };
}
