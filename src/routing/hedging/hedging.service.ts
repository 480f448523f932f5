import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import type { ModelRoute } from '../../catalog/model-route.js';
import type { RoutePlan } from '../route-plan.js';
import { addressOf, type RouteTarget } from '../route-target.js';
import { TargetStats } from '../targets/target-stats.js';
import { HedgeBudget } from './hedge-budget.js';
import { type Quantile, SlowTimes } from './slow-times.js';

type HedgeSettings = NonNullable<ModelRoute['hedge']>;

const MOST_TARGETS = 2_000;

/** How one request is hedged. */
export interface Hedge {
  /** The same target is called again where there is no other. */
  readonly sameTarget: boolean;
  /** Milliseconds without an answer after which another call is made; undefined where none is. */
  delayMs(target: RouteTarget): number | undefined;
  /** Whether it may be sent twice; counts as sent when true. */
  take(): boolean;
}

/** Which requests are sent twice when they are answered slowly, and how many of them. */
@Injectable()
export class Hedging implements OnModuleDestroy {
  /** By the name that is asked for; only names of the configuration hedge. */
  readonly #budgets = new Map<string, HedgeBudget>();
  readonly #times = new LRUCache<string, SlowTimes>({ max: MOST_TARGETS });
  readonly #ended: Subscription;
  /** Those that the configuration has asked for. */
  readonly #learned = new Set<Quantile>();

  constructor(stats: TargetStats) {
    this.#ended = stats.ended.subscribe((call) => {
      const { instance, model, isStream, firstValueMs, durationMs, verdict } = call;
      for (const quantile of this.#learned) {
        const times = this.#timesOf(`${instance}/${model}`, isStream, quantile);
        if (firstValueMs !== undefined && call.error === undefined) times.add(firstValueMs);
        else if (verdict === 'none') times.addBrokenOff(durationMs);
      }
    });
  }

  onModuleDestroy(): void {
    this.#ended.unsubscribe();
  }

  /** Undefined for requests that are sent once. Each request of a model that is hedged is counted. */
  hedgeOf({ groups }: RoutePlan, isStream: boolean): Hedge | undefined {
    const route = groups[0]?.route;
    const settings = route?.hedge;
    if (route === undefined || settings === undefined) return undefined;
    if (typeof settings.afterMs === 'string') this.#learned.add(settings.afterMs);
    const budget = this.#budgetOf(route.name);
    budget.count();
    return {
      sameTarget: settings.sameTarget,
      delayMs: (target) => this.#delayOf(settings, target, isStream),
      take: () => budget.take(settings.maxExtraPercent),
    };
  }

  #delayOf({ afterMs }: HedgeSettings, target: RouteTarget, isStream: boolean): number | undefined {
    if (typeof afterMs === 'number') return afterMs;
    return this.#timesOf(addressOf(target), isStream, afterMs).threshold;
  }

  #budgetOf(model: string): HedgeBudget {
    let budget = this.#budgets.get(model);
    if (budget === undefined) this.#budgets.set(model, (budget = new HedgeBudget()));
    return budget;
  }

  #timesOf(address: string, isStream: boolean, quantile: Quantile): SlowTimes {
    const key = `${quantile} ${isStream ? 'stream' : 'whole'} ${address}`;
    let times = this.#times.get(key);
    if (times === undefined) this.#times.set(key, (times = new SlowTimes(quantile)));
    return times;
  }
}
