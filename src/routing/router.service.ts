import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { ModelAddress } from '../catalog/model-address.js';
import { Catalog } from '../catalog/catalog.service.js';
import { ApiError } from '../common/errors/api-error.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import type { ModelRoute } from '../catalog/model-route.js';
import { type Hedge, Hedging } from './hedging/hedging.service.js';
import { RetryPolicy } from './retry-policy.service.js';
import { RouteChooser, type RouteChoice } from './route-chooser.js';
import { RoutePlan, type RouteGroup } from './route-plan.js';
import type { RouteTarget } from './route-target.js';
import type { RouteFacts } from './strategies/route-facts.js';
import type { TargetCall } from './targets/target-call.js';
import { TargetStats } from './targets/target-stats.js';

type TargetMarks = Pick<RouteTarget, 'via' | 'furtherModel'>;

/** From the name a client asks for to the places that may answer, in the order to try them. */
@Injectable()
export class Router {
  constructor(
    private readonly catalog: Catalog,
    private readonly registry: ProviderRegistry,
    private readonly stats: TargetStats,
    private readonly chooser: RouteChooser,
    readonly retryPolicy: RetryPolicy,
    private readonly hedging: Hedging,
  ) {}

  /**
   * All places that may answer.
   * @param names of one model or more, the one to be asked first in front
   * @throws ApiError `model_not_found` for a name that is unknown or not allowed, which is one
   *   answer; `ambiguous_model` for an allowed bare name that several instances offer
   */
  planFor([name = '', ...further]: readonly string[], principal: Principal): RoutePlan {
    const first = this.#groupOf(name, principal);
    const groups = [first, ...further.map((one) => this.#furtherGroup(one, first, principal))];
    return new RoutePlan(groups, {
      context_length: groups.flatMap(({ route }) =>
        this.#registered(route.contextFallbacks, { via: 'context_length' }),
      ),
      content_policy: groups.flatMap(({ route }) =>
        this.#registered(route.contentPolicyFallbacks, { via: 'content_policy' }),
      ),
    });
  }

  /** The same places in the order in which they are to be tried. */
  choose(plan: RoutePlan, facts: () => RouteFacts): RouteChoice {
    return this.chooser.choose(plan, facts);
  }

  /** How a request that is let in is hedged; undefined where it is not. To be asked once. */
  hedgeOf(plan: RoutePlan, isStream: boolean): Hedge | undefined {
    return this.hedging.hedgeOf(plan, isStream);
  }

  /**
   * The target as it is configured now. Its instance may have been replaced since it was chosen: a
   * second try or a fallback must not go by an address or a key that is no longer right, nor fail
   * because the old instance has been closed. One that was taken away stays as it was chosen.
   */
  currentTarget(target: RouteTarget): RouteTarget {
    const found = this.registry.find(target.instance.name);
    if (found === undefined || found.instance === target.instance) return target;
    return { ...found, model: target.model };
  }

  /** A call to the target is being made. */
  measure(target: RouteTarget, isStream: boolean): TargetCall {
    return this.stats.begin(target, isStream);
  }

  /**
   * OpenRouter's clients name its models as it does: behind a model of such an instance, a name
   * that is none here is taken for one of its own.
   * @throws ApiError as `planFor`
   */
  #furtherGroup(name: string, first: RouteGroup, principal: Principal): RouteGroup {
    const named = { furtherModel: name };
    const [target] = first.targets;
    if (target?.provider.type !== 'openrouter') return this.#groupOf(name, principal, named);
    try {
      return this.#groupOf(name, principal, named);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error;
      return this.#groupOf(`${target.instance.name}/${name}`, principal, named);
    }
  }

  #groupOf(name: string, principal: Principal, named: TargetMarks = {}): RouteGroup {
    const route = this.#route(name, principal);
    const [first] = route.targets;
    const allowed =
      principal.allowsModel(name) ||
      (leadsToOne(route) &&
        first !== undefined &&
        principal.allowsModel(`${first.instance}/${first.model}`));
    if (!allowed) throw modelNotFound(name);
    const targets = route.targets.flatMap(({ instance, model, weight, tags }) => {
      const found = this.registry.find(instance);
      return found === undefined ? [] : [{ ...found, model, weight, tags, ...named }];
    });
    const fallbacks = this.#registered(route.fallbacks, { via: 'fallback', ...named });
    if (targets.length === 0 && fallbacks.length === 0) throw modelNotFound(name);
    return { route, targets, fallbacks };
  }

  #registered(addresses: readonly ModelAddress[], marks: TargetMarks): readonly RouteTarget[] {
    if (addresses.length === 0) return NO_TARGETS;
    return addresses.flatMap(({ instance, model }) => {
      const found = this.registry.find(instance);
      return found === undefined ? [] : [{ ...found, model, ...marks }];
    });
  }

  /** What the catalogue says of a name, as far as this key may hear it. */
  #route(name: string, principal: Principal): ModelRoute {
    try {
      return this.catalog.route(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'ambiguous_model' && principal.allowsModel(name)) throw error;
      throw modelNotFound(name, error);
    }
  }
}

const NO_TARGETS: readonly RouteTarget[] = [];

function leadsToOne(route: ModelRoute): boolean {
  const { targets, fallbacks, contextFallbacks, contentPolicyFallbacks } = route;
  const others = fallbacks.length + contextFallbacks.length + contentPolicyFallbacks.length;
  return targets.length + others === 1;
}

/** The same words whether the model is unknown or another key's, so that they tell nobody which. */
export function modelNotFound(name: string, cause?: unknown): ApiError {
  return new ApiError(
    'model_not_found',
    `The model '${name}' does not exist or this API key may not use it.`,
    { param: 'model', cause },
  );
}
