import { JsonDocument } from '../../common/json/json-document.js';
import { totalInput, type TokenUsage } from '../contract/token-usage.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from './embeddings.js';

export interface EmbeddedInputs {
  /** One per input, in their order. */
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
  /** Undefined when the vendor counted nothing; the pipeline then tells its estimate. */
  readonly usage: TokenUsage | undefined;
  readonly upstreamRequestId?: string | undefined;
}

/** Vectors as OpenAI tells them: base64 of little-endian 32-bit floats where the client asked for it. */
export function convertToEmbeddingsResponse(
  request: EmbeddingsRequest,
  { vectors, model, usage, upstreamRequestId }: EmbeddedInputs,
): EmbeddingsResponse {
  const isBase64 = request.body.value.encoding_format === 'base64';
  const input = usage && totalInput(usage);
  return {
    body: JsonDocument.fromValue({
      object: 'list',
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: isBase64 ? encodeVector(vector) : [...vector],
      })),
      model,
      ...(input !== undefined && { usage: { prompt_tokens: input, total_tokens: input } }),
    }),
    ...(usage && { usage }),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}

/** Both official SDKs ask for this by default and read floats in its place as nothing at all. */
export function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
