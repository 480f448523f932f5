import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import type { EmbeddingsRequest } from '../embeddings/embeddings.js';
import type { EmbeddingsRequestBody } from '../embeddings/embeddings-api.js';
import type { SimulatedEmbedding } from './simulated-api.js';
import { EMBEDDING_MODEL } from './simulated-models.js';

const DEFAULT_DIMENSIONS = 256;
const MOST_DIMENSIONS = 4096;

/** How the request is written. Throws a `ProviderError` for one that the vendor would refuse. */
export function convertToSimulatedEmbedding(
  request: EmbeddingsRequest,
  { model }: Target,
): SimulatedEmbedding {
  const { input, dimensions } = request.body.value;
  if (model !== EMBEDDING_MODEL) {
    throw refused(404, 'model', `The model '${model}' makes no embeddings`);
  }
  if (dimensions != null && dimensions > MOST_DIMENSIONS) {
    throw refused(400, 'dimensions', `'dimensions' must be at most ${MOST_DIMENSIONS}`);
  }
  return { inputs: inputsOf(input), dimensions: dimensions ?? DEFAULT_DIMENSIONS };
}

function inputsOf(input: EmbeddingsRequestBody['input']): readonly (string | number[])[] {
  if (typeof input === 'string') return [input];
  return isOneInput(input) ? [input] : input;
}

function isOneInput(input: string[] | number[] | number[][]): input is number[] {
  return typeof input[0] === 'number';
}

function refused(status: number, param: string, message: string): ProviderError {
  return new ProviderError('rejected', message, {
    status,
    vendorType: 'invalid_request_error',
    vendorCode: null,
    param,
  });
}
