import type { EmbeddingsRequest } from '../embeddings/embeddings.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { NO_USAGE, totalInput, type TokenUsage } from '../contract/token-usage.js';
import { objectsIn } from '../openai-compatible/openai-api.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { parseGeminiAnswer } from './read-gemini-answer.js';
import { invalidValue, unsupported } from '../contract/refusals.js';

/** Texts that the vendor takes in one call. */
const MAX_BATCH = 100;
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'input',
  'dimensions',
  'encoding_format',
]);

/** One call: `text` for a single text, `batch` for several. */
export interface EmbeddingCall {
  readonly method: 'embedContent' | 'batchEmbedContents';
  readonly body: object;
}

export interface EmbeddedSlice {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: TokenUsage | undefined;
}

/** The calls that make up a request, in the order of its inputs. */
export function convertToEmbeddingCalls(
  { body }: EmbeddingsRequest,
  model: string,
  { translation }: Target,
): EmbeddingCall[] {
  const { input, dimensions } = body.value;
  for (const [field, value] of Object.entries(body.value)) {
    if (!KNOWN_FIELDS.has(field) && value != null) translation.note(field, 'dropped');
  }
  if (dimensions != null) translation.note('dimensions', 'mapped');
  const toRequest = (text: string) => ({
    model,
    content: { parts: [{ text }] },
    ...(dimensions != null && { outputDimensionality: dimensions }),
  });
  if (typeof input === 'string') return [{ method: 'embedContent', body: toRequest(input) }];
  if (!Array.isArray(input) || input.length === 0) {
    throw invalidValue('input', 'must be a text or a list of texts');
  }
  const texts = (input as readonly unknown[]).map((text) => {
    if (typeof text === 'string') return text;
    throw unsupported('input', 'must be text: this provider does not take tokens');
  });
  const calls: EmbeddingCall[] = [];
  for (let start = 0; start < texts.length; start += MAX_BATCH) {
    const requests = texts.slice(start, start + MAX_BATCH).map(toRequest);
    calls.push({ method: 'batchEmbedContents', body: { requests } });
  }
  return calls;
}

/** The vectors of one call. Throws a `ProviderError` unless there is one for each text. */
export function convertEmbeddingAnswer(
  text: string,
  call: EmbeddingCall,
  target: Target,
): EmbeddedSlice {
  const answer = parseGeminiAnswer(text, target) as Record<string, unknown>;
  const isBatch = 'requests' in call.body;
  const found = isBatch ? objectsIn(answer['embeddings']) : objectsIn([answer['embedding']]);
  const expected = isBatch ? (call.body.requests as unknown[]).length : 1;
  const vectors = found.map(({ values }) => values).filter(isVector);
  if (vectors.length !== expected) {
    throw new ProviderError('invalid_response', 'The upstream answered without all embeddings');
  }
  return { vectors, usage: convertGeminiUsage(answer['usageMetadata']) };
}

/** Undefined when the vendor left out one of them: then nobody knows the whole. */
export function addUsages(slices: readonly EmbeddedSlice[]): TokenUsage | undefined {
  let sum = NO_USAGE;
  for (const { usage } of slices) {
    if (!usage) return undefined;
    const { inputUncached, inputImage, inputAudio, cacheRead } = usage;
    sum = {
      ...sum,
      inputUncached: sum.inputUncached + inputUncached,
      inputImage: sum.inputImage + inputImage,
      inputAudio: sum.inputAudio + inputAudio,
      cacheRead: sum.cacheRead + cacheRead,
    };
  }
  const raw = slices.map(({ usage }) => usage?.raw);
  return totalInput(sum) === 0 ? undefined : { ...sum, raw: raw.length === 1 ? raw[0] : raw };
}

function isVector(values: unknown): values is number[] {
  return Array.isArray(values) && values.length > 0 && values.every((v) => typeof v === 'number');
}
