import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { convertToEmbeddingsResponse } from '../embeddings/convert-to-embeddings-response.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { NO_USAGE } from '../contract/token-usage.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, textOf } from './ollama-api.js';
import type { OllamaSettings } from './ollama-settings.js';
import { unsupported } from '../contract/refusals.js';

/** Fields that this converter sees to, and those that the vendor takes in its own words. */
const SEEN: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format']);
const OWN_FIELDS = ['truncate', 'options', 'keep_alive'] as const;

/** How the request is written. Throws a `ProviderError` for tokens: the vendor takes text. */
export function convertToOllamaEmbedRequest(
  { body: { value: body } }: EmbeddingsRequest,
  target: Target,
  settings: OllamaSettings,
): Record<string, unknown> {
  const { input, dimensions } = body;
  const texts = typeof input === 'string' ? [input] : input;
  if (!texts.every((text) => typeof text === 'string')) {
    throw unsupported('input', 'must be text: the provider takes no tokens');
  }
  const converted: Record<string, unknown> = {
    model: target.model,
    input: texts,
    ...(settings.numCtx !== undefined && { options: { num_ctx: settings.numCtx } }),
    ...(settings.keepAlive !== undefined && { keep_alive: settings.keepAlive }),
    ...(typeof dimensions === 'number' && { dimensions }),
  };
  for (const [field, value] of Object.entries(body)) {
    if (SEEN.has(field) || value === undefined || value === null) continue;
    if ((OWN_FIELDS as readonly string[]).includes(field)) converted[field] = value;
    else target.translation.note(field, 'dropped');
  }
  return converted;
}

/** Throws a `ProviderError` for an answer without a vector for each input. */
export function convertOllamaEmbeddings(
  request: EmbeddingsRequest,
  response: UpstreamResponse,
  target: Target,
): EmbeddingsResponse {
  const answer = parse(response.text);
  const error = parseInBandError(answer, target.instance, response.headers);
  if (error) throw error;
  const { input } = request.body.value;
  const expected = typeof input === 'string' ? 1 : input.length;
  if (!isObject(answer) || !areVectors(answer['embeddings'], expected)) throw unreadable();
  const tokens = answer['prompt_eval_count'];
  return convertToEmbeddingsResponse(request, {
    vectors: answer['embeddings'],
    model: textOf(answer['model']) || target.model,
    usage:
      typeof tokens === 'number'
        ? { ...NO_USAGE, inputUncached: tokens, raw: { prompt_eval_count: tokens } }
        : undefined,
    upstreamRequestId: findUpstreamRequestId(response.headers),
  });
}

function areVectors(value: unknown, expected: number): value is number[][] {
  return Array.isArray(value) && value.length === expected && value.every(Array.isArray);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without the vectors', {
    cause,
  });
}
