import { JsonDocument } from '../../common/json/json-document.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { TokenUsage } from '../contract/token-usage.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { refuseFailure } from './map-openai-finish-reason.js';
import { choicesOf, isObject, usageOf, type OpenAiChoice, type OpenAiChunk } from './openai-api.js';

export interface AnswerReading {
  readonly instance: ProviderInstance;
  readonly convertUsage: (raw: unknown, serviceTier: unknown) => TokenUsage | undefined;
  /** Finish reasons that say that the vendor failed. */
  readonly failures?: ReadonlySet<string>;
  /** Puts right in place what strict clients stumble over; true when it changed something. */
  readonly repair?: (answer: OpenAiChunk) => boolean;
}

/**
 * Reads a whole answer. Its text stays the vendor's own unless something had to be repaired.
 * @param charactersOf how much a model wrote in a choice
 */
export function readAnswer<T>(
  response: UpstreamResponse,
  reading: AnswerReading,
  charactersOf: (choice: OpenAiChoice) => number,
) {
  // Some vendors send blank lines while the model works, and the JSON after them.
  const text = response.text.trim();
  const answer = parseAnswer(text, response, reading.instance);
  for (const choice of choicesOf(answer)) refuseFailure(choice.finish_reason, reading.failures);
  // In the vendor's own words, which the repair may change.
  const usage = reading.convertUsage(usageOf(answer), answer.service_tier);
  const repaired = reading.repair?.(answer) ?? false;
  const value = answer as unknown as T;
  return {
    body: repaired ? JsonDocument.fromValue(value) : JsonDocument.fromBoth(text, value),
    usage,
    characters: choicesOf(answer).reduce((sum, choice) => sum + charactersOf(choice), 0),
    upstreamRequestId: findUpstreamRequestId(response.headers),
  };
}

export function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function parseAnswer(
  text: string,
  response: UpstreamResponse,
  instance: ProviderInstance,
): OpenAiChunk {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw unreadable('The upstream answered with something that is not JSON', cause);
  }
  if (!isObject(answer)) throw unreadable('The upstream answered with JSON that is no object');
  const error = parseInBandError(answer, instance, response.headers);
  if (error) throw error;
  if (choicesOf(answer).length === 0) throw unreadable('The upstream answered without choices');
  return answer;
}

function unreadable(message: string, cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', message, { cause });
}
