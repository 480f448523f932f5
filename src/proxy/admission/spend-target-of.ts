import type { SpendTarget } from '../../limits/budgets/hold.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { RouteInput } from '../route.js';

/** A target as budgets see it. */
export function spendTargetOf(
  { provider, instance, model }: RouteTarget,
  { reasoningEffort }: RouteInput,
): SpendTarget {
  const address = { instance: instance.name, model };
  if (reasoningEffort === undefined || provider.thinkingBeyond === undefined) return address;
  return { ...address, thinkingTokens: provider.thinkingBeyond(model, reasoningEffort) };
}
