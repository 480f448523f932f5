import { describe, expect, it } from 'vitest';
import { JsonDocument } from '../../common/json/json-document.js';
import { NO_USAGE } from '../contract/token-usage.js';
import { convertToEmbeddingsResponse } from './convert-to-embeddings-response.js';

describe(convertToEmbeddingsResponse, () => {
  const request = { body: JsonDocument.fromValue({ model: 'm', input: 'x' }) };

  it('tells what the vendor counted', () => {
    const usage = { ...NO_USAGE, inputUncached: 3, inputImage: 2 };
    const answer = convertToEmbeddingsResponse(request, { vectors: [[1]], model: 'm', usage });
    expect(answer.usage).toBe(usage);
    expect(answer.body.value.usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
  });

  it('tells no count that the vendor did not make', () => {
    const parts = { vectors: [[1]], model: 'm', usage: undefined };
    const answer = convertToEmbeddingsResponse(request, parts);
    expect(answer).not.toHaveProperty('usage');
    expect(answer.body.value).not.toHaveProperty('usage');
  });
});
