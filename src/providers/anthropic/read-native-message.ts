import { JsonDocument } from '../../common/json/json-document.js';
import type { NativeResponse } from '../contract/native.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, objectsIn, textOf, type JsonObject } from './anthropic-api.js';
import { convertAnthropicUsage } from './convert-anthropic-usage.js';

/** A whole answer in the vendor's own text. Throws a `ProviderError` for what is none. */
export function readNativeMessage(
  response: UpstreamResponse,
  instance: ProviderInstance,
): NativeResponse {
  const message = parseObject(response, instance);
  if (!Array.isArray(message['content'])) throw unreadable('The upstream answered without content');
  const usage = convertAnthropicUsage(message['usage']);
  const characters = objectsIn(message['content']).reduce((sum, each) => sum + lengthOf(each), 0);
  return { ...toResponse(response, message), ...(usage && { usage }), characters };
}

/** The answer to a question for the length of a prompt. */
export function readTokenCount(
  response: UpstreamResponse,
  instance: ProviderInstance,
): NativeResponse {
  const count = parseObject(response, instance);
  if (typeof count['input_tokens'] !== 'number') {
    throw unreadable('The upstream answered without a count');
  }
  return { ...toResponse(response, count), characters: 0 };
}

function toResponse({ text, headers }: UpstreamResponse, value: JsonObject) {
  const upstreamRequestId = findUpstreamRequestId(headers);
  return {
    body: JsonDocument.fromBoth(text, value),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}

function lengthOf(block: JsonObject): number {
  const input = block['input'] === undefined ? '' : JSON.stringify(block['input']);
  return textOf(block['text']).length + textOf(block['thinking']).length + input.length;
}

function parseObject({ text, headers }: UpstreamResponse, instance: ProviderInstance): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable('The upstream answered with something that is not JSON', cause);
  }
  const error = parseInBandError(value, instance, headers);
  if (error) throw error;
  if (!isObject(value)) throw unreadable('The upstream answered with something that is no object');
  return value;
}

function unreadable(message: string, cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', message, { cause });
}
