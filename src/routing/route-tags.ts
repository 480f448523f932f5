import type { WeightedTarget } from './route-target.js';

/** A tag that says no more than where to go. */
const PREFIX = 'route:';

/** Those of `x-llm-proxy-tags`, a list with commas. */
export function routeTags(header: string | null): readonly string[] {
  if (header === null) return [];
  return header
    .split(',')
    .map((tag) => tag.trim())
    .map((tag) => (tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : tag));
}

/** The targets that carry the first of the tags that any target carries; all, when none does. */
export function carriersOf(
  targets: readonly WeightedTarget[],
  tags: readonly string[],
): { targets: readonly WeightedTarget[]; tag?: string } {
  for (const tag of tags) {
    const carriers = targets.filter((target) => target.tags.includes(tag));
    if (carriers.length > 0) return { targets: carriers, tag };
  }
  return { targets };
}
