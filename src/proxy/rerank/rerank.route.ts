import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { RelayBody } from '../relay/relay-input.js';
import { jsonRelayRoute } from '../relay/relay-route.js';

/** Cohere counts a search for a query with up to so many documents. */
const DOCUMENTS_PER_SEARCH = 100;
/** Longer ones count as several: 500 tokens, query included, of at least two characters. */
const CHARACTERS_PER_DOCUMENT = 500;

/** `POST /v1/rerank`, as Cohere, Jina and vLLM have it: what is asked may be asked again. */
export const RERANK_ROUTE = jsonRelayRoute({
  endpoint: 'rerank',
  dialect: 'rerank',
  isCostly: false,
  textMember: 'documents',
  mostUnits: mostSearches,
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

function mostSearches({ documents }: RelayBody): UsageUnits {
  let pieces = 0;
  for (const document of documents as readonly (string | object)[]) {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    pieces += Math.max(1, Math.ceil(text.length / CHARACTERS_PER_DOCUMENT));
  }
  return { search: Math.ceil(pieces / DOCUMENTS_PER_SEARCH) };
}
