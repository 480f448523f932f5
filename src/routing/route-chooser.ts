import { Injectable } from '@nestjs/common';
import type { ProviderError } from '../providers/contract/provider-error.js';
import type { Attempt } from './attempts.js';
import type { RouteGroup, RoutePlan } from './route-plan.js';
import { RouteDecision } from './route-decision.js';
import { addressOf, type RouteTarget, type WeightedTarget } from './route-target.js';
import { carriersOf, routeTags } from './route-tags.js';
import type { RouteFacts } from './strategies/route-facts.js';
import { Strategies } from './strategies/strategies.js';
import { TargetStats } from './targets/target-stats.js';

/** Where a request goes first, and where then. */
export interface RouteChoice {
  /** In the order in which they are to be tried; never empty, each once. */
  readonly targets: readonly RouteTarget[];
  readonly decision: RouteDecision;
  /** Who may take what the last of those that were asked found fault with. */
  readonly detour: (error: ProviderError, made: readonly Attempt[]) => readonly RouteTarget[];
  /** To be called when the first call has begun, or none is made; twice counts once. */
  readonly begun: () => void;
}

/** Chooses among the places of a plan: by tags, by how they do, by strategy. */
@Injectable()
export class RouteChooser {
  constructor(
    private readonly strategies: Strategies,
    private readonly stats: TargetStats,
  ) {}

  /** @param facts asked for only where there is something to choose */
  choose(plan: RoutePlan, facts: () => RouteFacts): RouteChoice {
    const decision = new RouteDecision();
    const [only, ...others] = plan.targets;
    if (only !== undefined && others.length === 0) {
      decision.first = only;
      return this.#choiceOf(plan, plan.targets, { decision, begun: nothing });
    }
    const known = facts();
    const inOrder = plan.groups.flatMap((group, index) => [
      ...this.#ranked(group, known, index === 0 ? decision : undefined),
      ...group.fallbacks,
    ]);
    const targets = homeFirst(this.#closedLast(eachOnce(inOrder)), known.home);
    const [first] = targets;
    decision.first = first;
    const isCounted = plan.groups[0]?.route.strategy === 'least-busy' && first !== undefined;
    return this.#choiceOf(plan, targets, {
      decision,
      begun: isCounted ? this.stats.expect(first) : nothing,
    });
  }

  #choiceOf(
    { detours }: RoutePlan,
    targets: readonly RouteTarget[],
    rest: Pick<RouteChoice, 'decision' | 'begun'>,
  ): RouteChoice {
    const further = targets.filter(({ furtherModel }) => furtherModel !== undefined);
    return {
      ...rest,
      targets,
      detour: ({ reason }, made) => {
        if (reason === undefined) return [];
        const tried = new Set(made.map(({ target }) => addressOf(target)));
        // Who names further models wants them asked whatever the first one says.
        const others = [...detours[reason], ...further.map((one) => ({ ...one, via: reason }))];
        return this.#closedLast(eachOnce(others.filter((target) => !tried.has(addressOf(target)))));
      },
    };
  }

  /** Those of a group's targets that the request may go to, whoever does well first. */
  #ranked(
    { route, targets }: RouteGroup,
    facts: RouteFacts,
    decision: RouteDecision | undefined,
  ): readonly WeightedTarget[] {
    if (route.strategy !== 'priority') decision?.note('strategy', route.strategy);
    const { targets: meant, tag } = carriersOf(targets, routeTags(facts.tags));
    if (tag !== undefined) decision?.note('tag', tag);
    const open = meant.filter((target) => this.stats.isOpen(target));
    const healthy = open.filter((target) => this.stats.stateOf(target) === 'healthy');
    const best = healthy.length > 0 ? healthy : open;
    if (best.length === 0) return meant;
    const ranking = this.strategies.rank(route, best, facts);
    if (ranking.affinity !== undefined) decision?.note('affinity', ranking.affinity);
    const worse = meant.filter((target) => !best.includes(target));
    if (worse[0] !== undefined) decision?.note('avoided', addressOf(worse[0]));
    return [...ranking.targets, ...worse];
  }

  /** Who is off is not asked at all while there is anybody else. */
  #closedLast(targets: readonly RouteTarget[]): readonly RouteTarget[] {
    const open = targets.filter((target) => this.stats.isOpen(target));
    if (open.length === targets.length) return targets;
    const closed = targets.filter((target) => !open.includes(target));
    const on = closed.filter((target) => this.stats.stateOf(target) !== 'off');
    return open.length + on.length > 0 ? [...open, ...on] : targets;
  }
}

function eachOnce(targets: readonly RouteTarget[]): readonly RouteTarget[] {
  const byAddress = new Map<string, RouteTarget>();
  for (const target of targets) {
    const address = addressOf(target);
    if (!byAddress.has(address)) byAddress.set(address, target);
  }
  return byAddress.size === targets.length ? targets : [...byAddress.values()];
}

/** A conversation goes on where it is known, whatever else speaks for others. */
function homeFirst(targets: readonly RouteTarget[], home: string | undefined) {
  if (home === undefined) return targets;
  const isHome = ({ instance }: RouteTarget): boolean => instance.name === home;
  return [...targets.filter(isHome), ...targets.filter((target) => !isHome(target))];
}

function nothing(): void {}
