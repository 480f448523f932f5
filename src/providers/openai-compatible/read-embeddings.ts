import { JsonDocument } from '../../common/json/json-document.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import type { TokenUsage } from '../contract/token-usage.js';
import { encodeVector } from '../embeddings/convert-to-embeddings-response.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import type { EmbeddingsList } from '../embeddings/embeddings-api.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, objectsIn, type JsonObject } from './openai-api.js';
import { put } from './repair-message.js';

export interface EmbeddingsReading {
  readonly target: Target;
  readonly convertUsage: (raw: unknown) => TokenUsage | undefined;
}

/**
 * Reads the vectors of a vendor; its text goes on as it came unless something had to be put right:
 * their order, or floats where base64 was asked for, which the official clients read as nothing.
 */
export function readEmbeddings(
  response: UpstreamResponse,
  request: EmbeddingsRequest,
  { target, convertUsage }: EmbeddingsReading,
): EmbeddingsResponse {
  const text = response.text.trim();
  const answer = parse(text);
  const error = parseInBandError(answer, target.instance, response.headers);
  if (error) throw error;
  const list = isObject(answer) ? objectsIn(answer['data']) : [];
  if (!isObject(answer) || list.length === 0 || list.length !== inputsOf(request)) {
    throw unreadable('The upstream answered without a vector for each input');
  }
  const repaired = repair(answer, list, request, target);
  const value = answer as unknown as EmbeddingsList;
  const usage = convertUsage(answer['usage']);
  const upstreamRequestId = findUpstreamRequestId(response.headers);
  return {
    body: repaired ? JsonDocument.fromValue(value) : JsonDocument.fromBoth(text, value),
    ...(usage && { usage }),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}

function repair(
  answer: JsonObject,
  list: JsonObject[],
  request: EmbeddingsRequest,
  target: Target,
): boolean {
  let changed = put(answer, 'object', 'list');
  changed = put(answer, 'model', answer['model'] ?? target.model) || changed;
  const isNumbered = list.every(({ index }) => Number.isInteger(index));
  if (isNumbered && list.some((item, position) => item['index'] !== position)) {
    answer['data'] = list.sort((one, other) => Number(one['index']) - Number(other['index']));
    changed = true;
  }
  const isBase64 = request.body.value.encoding_format === 'base64';
  for (const [position, item] of list.entries()) {
    changed = put(item, 'object', 'embedding') || changed;
    changed = put(item, 'index', position) || changed;
    const vector = item['embedding'];
    if (!isBase64 || !Array.isArray(vector)) continue;
    changed = put(item, 'embedding', encodeVector(vector as number[]));
  }
  return changed;
}

/** One text, a list of texts, one list of tokens or a list of those. */
function inputsOf(request: EmbeddingsRequest): number {
  const { input } = request.body.value;
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable('The upstream answered with something that is not JSON', cause);
  }
}

function unreadable(message: string, cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', message, { cause });
}
