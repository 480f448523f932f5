/** The tokens of a choice's `logprobs`, which have the same form in both dialects. */
export function findLogprobs(logprobs: unknown): unknown[] {
  if (typeof logprobs !== 'object' || logprobs === null) return [];
  const { content } = logprobs as { content?: unknown };
  return Array.isArray(content) ? content : [];
}
