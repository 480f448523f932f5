const MASK = '[key]';

/** Keys of this proxy and of vendors by their look, and whatever is sent as a bearer token. */
const KEYS = [
  /\b(?:(?:sk|pk|rk|xai|pplx|fw|nvapi|tgp)-|(?:gsk|hf|r8|ghp|gho|csk)_|AIza|AKIA|ya29\.)[\w.~+/=-]{12,}/g,
  /(?<=\b[Bb]earer\s{1,4})[\w.~+/=-]{8,}/g,
];

/**
 * What people and tools write into prompts by accident. A text without anything that looks like a
 * key comes back as it is.
 * @param known keys that are masked whatever they look like
 */
export function maskKeys(text: string, known: readonly string[]): string {
  let masked = text;
  for (const key of known) masked = masked.replaceAll(key, MASK);
  for (const pattern of KEYS) masked = masked.replace(pattern, MASK);
  return masked;
}
