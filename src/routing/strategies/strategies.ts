import { Injectable } from '@nestjs/common';
import { Catalog } from '../../catalog/catalog.service.js';
import type { Affinity, ModelRoute } from '../../catalog/model-route.js';
import { Configuration } from '../../config/configuration.js';
import type { WeightedTarget } from '../route-target.js';
import { TargetStats } from '../targets/target-stats.js';
import { cheapest } from './cheapest.js';
import { fastest } from './fastest.js';
import { rendezvous } from './rendezvous.js';
import type { RouteFacts } from './route-facts.js';
import { SmoothWeighted } from './smooth-weighted.js';

export interface Ranking {
  readonly targets: readonly WeightedTarget[];
  /** What the request was kept together by, if it was. */
  readonly affinity?: Affinity;
}

type RankedRoute = Pick<ModelRoute, 'name' | 'strategy' | 'affinity'>;

/** Puts the targets of a public model in order, as its strategy says. */
@Injectable()
export class Strategies {
  /** Whose turn it is, by public name. */
  readonly #turns = new Map<string, SmoothWeighted>();

  constructor(
    private readonly catalog: Catalog,
    private readonly stats: TargetStats,
    configuration: Configuration,
  ) {
    configuration.changes.subscribe(() => this.#turns.clear());
  }

  /** @param targets that may be asked; at least one */
  rank(route: RankedRoute, targets: readonly WeightedTarget[], facts: RouteFacts): Ranking {
    if (targets.length === 1 || route.strategy === 'priority') return { targets };
    if (route.strategy === 'cost') return { targets: this.#byCost(targets, facts) };
    const key = affinityKey(route.affinity, facts);
    if (key !== undefined) {
      const weightOf = route.strategy === 'weighted' ? ownWeight : sameWeight;
      return { targets: rendezvous(key, targets, weightOf), affinity: route.affinity };
    }
    return { targets: this.#balanced(route, targets, facts) };
  }

  #balanced(
    { name, strategy }: RankedRoute,
    targets: readonly WeightedTarget[],
    facts: RouteFacts,
  ) {
    switch (strategy) {
      case 'weighted':
        return this.#inTurn(name, targets.toSorted(byWeight), ownWeight);
      case 'least-busy':
        return this.#byCallsInFlight(name, targets);
      case 'latency':
        return fastest(targets, {
          find: (target) => this.stats.find(target),
          isStream: facts.stream,
          random: Math.random,
        });
      case 'round-robin':
      case 'priority':
      case 'cost':
        return this.#inTurn(name, targets, sameWeight);
    }
  }

  #inTurn(
    name: string,
    targets: readonly WeightedTarget[],
    weightOf: (target: WeightedTarget) => number,
  ): WeightedTarget[] {
    let turns = this.#turns.get(name);
    if (turns === undefined) this.#turns.set(name, (turns = new SmoothWeighted()));
    const first = turns.pick(targets, weightOf);
    return [first, ...targets.filter((target) => target !== first)];
  }

  /** Of those that are equally busy each one in its turn. */
  #byCallsInFlight(name: string, targets: readonly WeightedTarget[]): WeightedTarget[] {
    const loads = new Map(targets.map((target) => [target, this.stats.loadOf(target)]));
    const least = Math.min(...loads.values());
    const idlest = targets.filter((target) => loads.get(target) === least);
    const others = targets.filter((target) => loads.get(target) !== least);
    others.sort((one, other) => (loads.get(one) ?? 0) - (loads.get(other) ?? 0));
    return [...this.#inTurn(name, idlest, sameWeight), ...others];
  }

  #byCost(targets: readonly WeightedTarget[], facts: RouteFacts): WeightedTarget[] {
    const at = new Date();
    const { inputTokens, maxOutputTokens } = facts;
    const priceOf = ({ instance, model }: WeightedTarget) =>
      this.catalog.findPrice({ instance: instance.name, model }, at);
    return cheapest(targets, { priceOf, inputTokens, maxOutputTokens });
  }
}

/** Undefined where nothing keeps the request together with others. */
function affinityKey(affinity: Affinity, facts: RouteFacts): string | undefined {
  const { clientId, session, user } = facts;
  if (affinity === 'none') return undefined;
  if (affinity === 'client') return clientId;
  const named = affinity === 'session' ? session : user;
  // Two clients may call different things the same.
  return named === null ? undefined : `${clientId}\n${named}`;
}

function byWeight(one: WeightedTarget, other: WeightedTarget): number {
  return other.weight - one.weight;
}

function ownWeight({ weight }: WeightedTarget): number {
  return weight;
}

function sameWeight(): number {
  return 1;
}
