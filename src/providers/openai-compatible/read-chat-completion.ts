import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatResponse } from '../chat/chat.js';
import type { ChatCompletion } from '../chat/chat-api.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { TokenUsage } from '../contract/token-usage.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { refuseFailure } from './map-openai-finish-reason.js';
import { choicesOf, isObject, objectsIn, usageOf, type OpenAiChunk } from './openai-api.js';

export interface CompletionReading {
  readonly instance: ProviderInstance;
  readonly convertUsage: (raw: unknown, serviceTier: unknown) => TokenUsage | undefined;
  /** Finish reasons that say that the vendor failed. */
  readonly failures?: ReadonlySet<string>;
  /** Puts right in place what strict clients stumble over; true when it changed something. */
  readonly repair?: (completion: OpenAiChunk) => boolean;
}

/** Reads a whole answer. Its text stays the vendor's own unless something had to be repaired. */
export function readChatCompletion(
  response: UpstreamResponse,
  reading: CompletionReading,
): ChatResponse {
  // Some vendors send blank lines while the model works, and the JSON after them.
  const text = response.text.trim();
  const completion = parseCompletion(text, response, reading.instance);
  for (const choice of choicesOf(completion)) {
    refuseFailure(choice.finish_reason, reading.failures);
  }
  const repaired = reading.repair?.(completion) ?? false;
  const value = completion as unknown as ChatCompletion;
  return {
    body: repaired ? JsonDocument.fromValue(value) : JsonDocument.fromBoth(text, value),
    usage: reading.convertUsage(usageOf(completion), completion.service_tier),
    characters: charactersOf(completion),
    upstreamRequestId: findUpstreamRequestId(response.headers),
  };
}

function parseCompletion(
  text: string,
  response: UpstreamResponse,
  instance: ProviderInstance,
): OpenAiChunk {
  let completion: unknown;
  try {
    completion = JSON.parse(text);
  } catch (cause) {
    throw new ProviderError(
      'invalid_response',
      'The upstream answered with something that is not JSON',
      {
        cause,
      },
    );
  }
  if (!isObject(completion)) {
    throw new ProviderError(
      'invalid_response',
      'The upstream answered with JSON that is no object',
    );
  }
  const error = parseInBandError(completion, instance, response.headers);
  if (error) throw error;
  if (choicesOf(completion).length === 0) {
    throw new ProviderError('invalid_response', 'The upstream answered without choices');
  }
  return completion;
}

function charactersOf(completion: OpenAiChunk): number {
  let total = 0;
  for (const choice of choicesOf(completion)) {
    const message = isObject(choice.message) ? choice.message : {};
    total += lengthOf(message['content']) + lengthOf(message['refusal']);
    total += lengthOf(message['reasoning_content']) || lengthOf(message['reasoning']);
    for (const { function: tool } of objectsIn(message['tool_calls'])) {
      total += isObject(tool) ? lengthOf(tool['arguments']) : 0;
    }
  }
  return total;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
