import type { Provider } from '../providers/contract/provider.js';
import type { RouteTarget } from '../routing/route-target.js';

type Native = NonNullable<Provider['native']>;

/** How an instance is asked in a client's own dialect; undefined where it has to be translated. */
export function findNative<Dialect extends keyof Native>(
  { provider, instance }: Pick<RouteTarget, 'provider' | 'instance'>,
  dialect: Dialect,
): Native[Dialect] | undefined {
  const native = provider.native?.[dialect];
  return native?.isSpokenBy?.(instance) === false ? undefined : native;
}
