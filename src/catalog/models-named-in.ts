import type { ConfigurationFile } from '../config/configuration-file.js';

/** By instance, what targets, fallbacks and prices say of it. */
export function modelsNamedIn({
  models,
  prices,
}: ConfigurationFile): ReadonlyMap<string, string[]> {
  const addresses = [
    ...models.flatMap(({ targets, fallbacks, contextFallbacks, contentPolicyFallbacks }) => [
      ...targets.map(({ model }) => model),
      ...fallbacks,
      ...contextFallbacks,
      ...contentPolicyFallbacks,
    ]),
    ...prices.map(({ model }) => model),
  ];
  const named = new Map<string, string[]>();
  for (const address of addresses) {
    const slash = address.indexOf('/');
    if (slash < 0) continue;
    const instance = address.slice(0, slash);
    const model = address.slice(slash + 1);
    named.set(instance, [...(named.get(instance) ?? []), model]);
  }
  return named;
}
