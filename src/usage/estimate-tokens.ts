/** Characters per token that the estimate assumes; English prose and code have 3.5 to 4.5. */
export const CHARACTERS_PER_TOKEN = 4;

/** Used only where a vendor reports nothing; such rows are marked `estimated`. At least one token: never zero. */
export function estimateTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}
