import { isObject } from './anthropic-api.js';

const REFUSAL = 'The model declined to answer this request.';

/** What a client is told of a refusal; Anthropic does not always explain itself. */
export function findRefusal(stopReason: unknown, stopDetails: unknown): string | undefined {
  if (stopReason !== 'refusal') return undefined;
  const explanation = isObject(stopDetails) ? stopDetails['explanation'] : undefined;
  return typeof explanation === 'string' && explanation !== '' ? explanation : REFUSAL;
}
