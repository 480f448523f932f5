import type { OpenAiChunk } from './openai-api.js';
import { put } from './repair-message.js';

/**
 * Names of vendors' own for tiers that OpenAI has too. Clients with closed lists of names cannot
 * read an answer that has another one. Source: https://console.groq.com/docs/service-tiers
 */
const TIERS: ReadonlyMap<unknown, string> = new Map([
  ['on_demand', 'default'],
  ['performance', 'priority'],
]);

/** Tells the tier of an answer by OpenAI's name; true when that changed anything. */
export function renameServiceTier(answer: OpenAiChunk): boolean {
  const tier = TIERS.get(answer.service_tier);
  return tier !== undefined && put(answer, 'service_tier', tier);
}
