import type { Target } from '../contract/target.js';

const API_VERSION = '2023-06-01';

/** The client's own version and betas hold; what the request needs is added to them. */
export function anthropicHeaders(
  target: Target,
  betas: readonly string[] = [],
): Record<string, string> {
  const version = target.headers['anthropic-version'] ?? API_VERSION;
  if (betas.length === 0) return { 'anthropic-version': version };
  const asked = target.headers['anthropic-beta'];
  const all = asked === undefined ? betas : [asked, ...betas];
  return { 'anthropic-version': version, 'anthropic-beta': all.join(',') };
}
