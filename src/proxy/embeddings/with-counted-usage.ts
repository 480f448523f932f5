import { scanObject, withMembers } from '../../common/json/json-text.js';
import { totalInput } from '../../providers/contract/token-usage.js';
import type { EmbeddingsResponse } from '../../providers/embeddings/embeddings.js';
import type { WholeAnswer } from '../route.js';

/** An answer whose vendor counted nothing tells what the ledger counts: both have to agree. */
export function withCountedUsage(answer: EmbeddingsResponse): WholeAnswer {
  if (answer.usage !== undefined) return answer;
  const { text } = answer.body;
  return {
    ...answer,
    body: (usage) => {
      const tokens = totalInput(usage);
      const counted = JSON.stringify({ prompt_tokens: tokens, total_tokens: tokens });
      // How deep it may be was decided when it was read.
      return withMembers(text, scanObject(text, { maxDepth: Infinity }), { usage: counted });
    },
  };
}
