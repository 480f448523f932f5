/** What one answer of the fake upstream says it used, as OpenAI counts it. */
export interface ServedTokens {
  readonly prompt: number;
  /** Part of `prompt`. */
  readonly cached: number;
  readonly completion: number;
  /** Part of `completion`. */
  readonly reasoning: number;
}

/**
 * Token counts that differ from request to request, so that a lost, doubled or swapped answer shows
 * in every sum. The same id always gives the same counts.
 */
export function tokensFor(id: string): ServedTokens {
  const hash = hashOf(id);
  const prompt = 20 + (hash % 2000);
  const completion = 8 + ((hash >>> 9) % 500);
  return {
    prompt,
    cached: hash % 3 === 0 ? prompt >>> 1 : 0,
    completion,
    reasoning: hash % 5 === 0 ? completion >>> 2 : 0,
  };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
