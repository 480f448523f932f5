import type { ModelRoute } from '../catalog/model-route.js';
import type { RejectionReason } from '../providers/contract/provider-error.js';
import type { RouteTarget, WeightedTarget } from './route-target.js';

/** One model that a request names, and the places that can answer for it. */
export interface RouteGroup {
  readonly route: ModelRoute;
  readonly targets: readonly WeightedTarget[];
  readonly fallbacks: readonly RouteTarget[];
}

export type Detours = Readonly<Record<RejectionReason, readonly RouteTarget[]>>;

/** All places that a request may go to, before one is chosen. */
export class RoutePlan {
  /** Of all models; never empty. */
  readonly targets: readonly RouteTarget[];
  /** Who is asked only when others find fault with the request, by what they find. */
  readonly detours: Detours;

  /** @param groups in the order in which the request names them */
  constructor(
    readonly groups: readonly RouteGroup[],
    detours: Detours,
  ) {
    this.targets = groups.flatMap(({ targets, fallbacks }) => [...targets, ...fallbacks]);
    this.detours = detours;
  }

  /** The plan with those places only that satisfy; undefined when there are none but detours. */
  filter(satisfies: (target: RouteTarget) => boolean): RoutePlan | undefined {
    const groups = this.groups.map(({ route, targets, fallbacks }) => ({
      route,
      targets: targets.filter(satisfies),
      fallbacks: fallbacks.filter(satisfies),
    }));
    const plan = new RoutePlan(groups, {
      context_length: this.detours.context_length.filter(satisfies),
      content_policy: this.detours.content_policy.filter(satisfies),
    });
    return plan.targets.length === 0 ? undefined : plan;
  }
}
