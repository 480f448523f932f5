import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { ModelAddress } from '../catalog/catalog-index.js';
import { Catalog } from '../catalog/catalog.service.js';
import { ApiError } from '../common/errors/api-error.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { RetryPolicy } from './retry-policy.service.js';
import type { RouteTarget } from './route-target.js';

/** From the name a client asks for to the places that may answer, in the order to try them. */
@Injectable()
export class Router {
  constructor(
    private readonly catalog: Catalog,
    private readonly registry: ProviderRegistry,
    readonly retryPolicy: RetryPolicy,
  ) {}

  /**
   * Never empty.
   * @throws ApiError `model_not_found` for a name that is unknown or not allowed, which is one
   *   answer; `ambiguous_model` for an allowed bare name that several instances offer
   */
  targetsFor(name: string, principal: Principal): RouteTarget[] {
    const resolved = this.#resolve(name, principal);
    const first = resolved[0];
    const allowed =
      principal.allowsModel(name) ||
      (resolved.length === 1 &&
        first !== undefined &&
        principal.allowsModel(`${first.instance}/${first.model}`));
    const targets = allowed
      ? resolved.flatMap(({ instance, model }) => {
          const found = this.registry.find(instance);
          return found === undefined ? [] : [{ ...found, model }];
        })
      : [];
    if (targets.length === 0) throw modelNotFound(name);
    return targets;
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

  /** What the catalogue says of a name, as far as this key may hear it. */
  #resolve(name: string, principal: Principal): readonly ModelAddress[] {
    try {
      return this.catalog.resolve(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'ambiguous_model' && principal.allowsModel(name)) throw error;
      throw modelNotFound(name, error);
    }
  }
}

/** The same words whether the model is unknown or another key's, so that they tell nobody which. */
export function modelNotFound(name: string, cause?: unknown): ApiError {
  return new ApiError(
    'model_not_found',
    `The model '${name}' does not exist or this API key may not use it.`,
    { param: 'model', cause },
  );
}
