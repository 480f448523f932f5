import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';

/** `logprobsResult` as OpenAI's `logprobs`; null where there are none. */
export function convertLogprobs(result: unknown): { content: unknown[]; refusal: null } | null {
  if (!isObject(result)) return null;
  const chosen = objectsIn(result['chosenCandidates']);
  if (chosen.length === 0) return null;
  const top = objectsIn(result['topCandidates']);
  return {
    content: chosen.map((candidate, index) => ({
      ...convertToken(candidate),
      top_logprobs: objectsIn(top[index]?.['candidates']).map(convertToken),
    })),
    refusal: null,
  };
}

function convertToken({ token, logProbability }: JsonObject) {
  const text = typeof token === 'string' ? token : '';
  return {
    token: text,
    logprob: typeof logProbability === 'number' ? logProbability : 0,
    bytes: [...Buffer.from(text)],
  };
}
