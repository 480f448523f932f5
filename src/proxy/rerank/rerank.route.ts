import { jsonRelayRoute } from '../relay/relay-route.js';

/** `POST /v1/rerank`, as Cohere, Jina and vLLM have it: what is asked may be asked again. */
export const RERANK_ROUTE = jsonRelayRoute({
  endpoint: 'rerank',
  dialect: 'rerank',
  isCostly: false,
  textMember: 'documents',
  schema: {
    type: 'object',
    required: ['model', 'query', 'documents'],
    properties: {
      model: { type: 'string', minLength: 1, maxLength: 255 },
      query: { type: 'string', minLength: 1 },
      documents: { type: 'array', minItems: 1, items: { type: ['string', 'object'] } },
      top_n: { type: ['integer', 'null'], minimum: 1 },
    },
  },
});
