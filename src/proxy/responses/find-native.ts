import type { NativeDialect } from '../../providers/contract/native.js';
import type { RouteTarget } from '../../routing/route-target.js';

/** How a target is asked in this dialect itself; undefined when it has to be translated. */
export function findNative({
  provider,
  instance,
}: Pick<RouteTarget, 'provider' | 'instance'>): NativeDialect | undefined {
  const native = provider.native?.responses;
  return native?.isSpokenBy?.(instance) === false ? undefined : native;
}
