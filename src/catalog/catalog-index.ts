import type { ModelAddress } from './model-address.js';
import { ApiError } from '../common/errors/api-error.js';
import { plainRoute, type Affinity, type ModelRoute, type Strategy } from './model-route.js';

export interface PublicTarget {
  /** `instance/model`. */
  readonly model: string;
  readonly weight?: number;
  readonly tags?: readonly string[];
}

/** A public name of the configuration file. */
export interface PublicModel {
  readonly name: string;
  readonly targets: readonly PublicTarget[];
  readonly fallbacks: readonly string[];
  readonly strategy?: Strategy;
  readonly affinity?: Affinity;
  /** `instance/model` or public names; so are the next ones. */
  readonly contextFallbacks?: readonly string[];
  readonly contentPolicyFallbacks?: readonly string[];
  readonly hedge?: ModelRoute['hedge'];
}

export interface IndexedInstance {
  readonly name: string;
  /** Ids of the models that it is known to offer, by the price data or because it runs in here. */
  readonly models: readonly string[];
  /** Ids that the configuration file names with this instance. */
  readonly named?: readonly string[];
  /** Ids that its vendor lists itself. */
  readonly listed?: readonly string[];
  /** Whether what is not in `models` may be asked for all the same: vendors know more than we do. */
  readonly isOpen: boolean;
}

export interface CatalogIndexOptions {
  readonly publicModels: readonly PublicModel[];
  readonly instances: readonly IndexedInstance[];
  /** Whether an instance offers a model that is not listed under this name: a dated or aliased one. */
  readonly knows: (instance: string, model: string) => boolean;
  /** Public names and `instance/model` that nobody may use. */
  readonly disabled?: ReadonlySet<string>;
}

/** All names that a caller may use, at one state of the configuration. Built once per change. */
export class CatalogIndex {
  readonly #publicModels: ReadonlyMap<string, PublicModel>;
  readonly #instances: ReadonlyMap<string, { isOpen: boolean; models: ReadonlySet<string> }>;
  /** Which instances offer a model, by how that is known; what is known first counts. */
  readonly #offering: Record<'models' | 'named' | 'listed', Map<string, string[]>> = {
    models: new Map(),
    named: new Map(),
    listed: new Map(),
  };
  readonly #knows: CatalogIndexOptions['knows'];
  readonly #disabled: ReadonlySet<string>;
  /** Of public names, made when they are first asked for. */
  readonly #routes = new Map<string, ModelRoute>();

  constructor({ publicModels, instances, knows, disabled = new Set() }: CatalogIndexOptions) {
    this.#disabled = disabled;
    this.#publicModels = new Map(publicModels.map((model) => [model.name, model]));
    this.#instances = new Map(
      instances.map(({ name, isOpen, models }) => [name, { isOpen, models: new Set(models) }]),
    );
    this.#knows = knows;
    for (const instance of instances) {
      for (const source of ['models', 'named', 'listed'] as const) {
        addTo(this.#offering[source], instance.name, instance[source] ?? []);
      }
    }
  }

  /**
   * The addresses behind a name, in the order they are to be tried and each of them once. A public
   * name comes first, then `instance/model`, then a model that one instance only offers. What a
   * vendor lists only adds names: it takes none from an instance whose price data or whose
   * configuration has it, and makes none ambiguous.
   *
   * @throws ApiError `ambiguous_model` or `model_not_found`
   */
  resolve(name: string): readonly ModelAddress[] {
    const publicModel = this.#findPublicModel(name);
    if (!publicModel) return [this.#getAddress(name)];

    const names = [...publicModel.targets.map((target) => target.model), ...publicModel.fallbacks];
    return this.#enabled([...new Set(names)]).map((target) => this.#getAddress(target));
  }

  /**
   * The same places by what they are there for.
   *
   * @throws ApiError as `resolve`
   */
  route(name: string): ModelRoute {
    const known = this.#routes.get(name);
    if (known) return known;
    const publicModel = this.#findPublicModel(name);
    if (!publicModel) return plainRoute(name, this.#getAddress(name));
    const route = this.#routeOf(publicModel);
    this.#routes.set(name, route);
    return route;
  }

  #routeOf(model: PublicModel): ModelRoute {
    const {
      name,
      targets,
      fallbacks,
      contextFallbacks = [],
      contentPolicyFallbacks = [],
      hedge,
    } = model;
    return {
      name,
      strategy: model.strategy ?? 'priority',
      affinity: model.affinity ?? 'none',
      targets: targets
        .filter(({ model: address }) => !this.#disabled.has(address))
        .map(({ model: address, weight = 1, tags = [] }) => ({
          ...this.#getAddress(address),
          weight,
          tags,
        })),
      fallbacks: this.#enabled(fallbacks).map((address) => this.#getAddress(address)),
      contextFallbacks: this.#enabled(contextFallbacks).flatMap((one) => this.resolve(one)),
      contentPolicyFallbacks: this.#enabled(contentPolicyFallbacks).flatMap((one) =>
        this.resolve(one),
      ),
      hedge,
    };
  }

  /**
   * The one address of a name that is no public one, or undefined. Model ids may contain slashes
   * themselves, so the first part counts as an instance only if one is called so.
   *
   * @throws ApiError `ambiguous_model`
   */
  findAddress(name: string): ModelAddress | undefined {
    const slash = name.indexOf('/');
    const instance = name.slice(0, Math.max(slash, 0));
    const known = this.#instances.get(instance);
    if (!known) return this.#findBare(name);

    const model = name.slice(slash + 1);
    if (this.#disabled.has(name)) return undefined;
    const isOffered = known.isOpen ? model !== '' : isListed(known.models, model);
    return isOffered ? { instance, model } : undefined;
  }

  /** Throws `model_not_found` for one that is turned off: it is not taken for a model of that name. */
  #findPublicModel(name: string): PublicModel | undefined {
    const model = this.#publicModels.get(name);
    if (model !== undefined && this.#disabled.has(name)) throw notFound(name);
    return model;
  }

  #enabled(names: readonly string[]): readonly string[] {
    return names.filter((name) => !this.#disabled.has(name));
  }

  #getAddress(name: string): ModelAddress {
    const address = this.findAddress(name);
    if (address) return address;
    throw notFound(name);
  }

  #findBare(model: string): ModelAddress | undefined {
    const offering = this.#instancesWith(model).filter(
      (instance) => !this.#disabled.has(`${instance}/${model}`),
    );
    const [instance, ...others] = offering;
    if (instance === undefined) return undefined;
    if (others.length === 0) return { instance, model };

    const candidates = offering.map((candidate) => `${candidate}/${model}`).join(', ');
    throw new ApiError(
      'ambiguous_model',
      `The model ${quote(model)} is offered by several providers, use one of: ${candidates}`,
      { param: 'model' },
    );
  }

  #instancesWith(model: string): readonly string[] {
    const { models, named, listed } = this.#offering;
    const offering = models.get(model);
    if (offering !== undefined) return offering;
    const knowing = [...this.#instances.keys()].filter((name) => this.#knows(name, model));
    return knowing.length > 0 ? knowing : (named.get(model) ?? listed.get(model) ?? []);
  }
}

function addTo(offering: Map<string, string[]>, instance: string, models: Iterable<string>): void {
  for (const model of new Set(models)) {
    const instances = offering.get(model);
    if (instances) instances.push(instance);
    else offering.set(model, [instance]);
  }
}

/** A listed id, or a variant of one with settings in its name, such as `slow-500ms` of `slow`. */
function isListed(models: ReadonlySet<string>, model: string): boolean {
  if (models.has(model)) return true;
  for (let dash = model.lastIndexOf('-'); dash > 0; dash = model.lastIndexOf('-', dash - 1)) {
    if (models.has(model.slice(0, dash))) return true;
  }
  return false;
}

function notFound(name: string): ApiError {
  return new ApiError('model_not_found', `The model ${quote(name)} does not exist`, {
    param: 'model',
  });
}

/** The caller's own text, of which an error needs no more than the beginning. */
function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
