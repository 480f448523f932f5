import type { Provider } from '../providers/contract/provider.js';
import type { RouteTarget } from '../routing/route-target.js';

type Native = NonNullable<Provider['native']>;

/** How a target is asked in a client's own dialect; undefined where it has to be translated. */
export function findNative<Dialect extends keyof Native>(
  { provider, instance, model }: RouteTarget,
  dialect: Dialect,
): Native[Dialect] | undefined {
  const native = provider.native?.[dialect];
  return native?.isSpokenBy?.(instance, model) === false ? undefined : native;
}
