import { ApiError } from '../common/errors/api-error.js';

/** Where a request may go: a configured instance, and the vendor's own id of a model. */
export interface ModelAddress {
  readonly instance: string;
  readonly model: string;
}

export interface PublicTarget {
  /** `instance/model`. */
  readonly model: string;
}

/** A public name of the configuration file. */
export interface PublicModel {
  readonly name: string;
  readonly targets: readonly PublicTarget[];
  readonly fallbacks: readonly string[];
}

export interface IndexedInstance {
  readonly name: string;
  /** Ids of the models that it is known to offer. */
  readonly models: readonly string[];
  /** Whether what is not in `models` may be asked for all the same: vendors know more than we do. */
  readonly isOpen: boolean;
}

export interface CatalogIndexOptions {
  readonly publicModels: readonly PublicModel[];
  readonly instances: readonly IndexedInstance[];
  /** Whether an instance offers a model that is not listed under this name: a dated or aliased one. */
  readonly knows: (instance: string, model: string) => boolean;
}

/** All names that a caller may use, at one state of the configuration. Built once per change. */
export class CatalogIndex {
  readonly #publicModels: ReadonlyMap<string, PublicModel>;
  readonly #instances: ReadonlyMap<string, { isOpen: boolean; models: ReadonlySet<string> }>;
  readonly #instancesOf = new Map<string, string[]>();
  readonly #knows: CatalogIndexOptions['knows'];

  constructor({ publicModels, instances, knows }: CatalogIndexOptions) {
    this.#publicModels = new Map(publicModels.map((model) => [model.name, model]));
    this.#instances = new Map(
      instances.map(({ name, isOpen, models }) => [name, { isOpen, models: new Set(models) }]),
    );
    this.#knows = knows;
    for (const [name, { models }] of this.#instances) {
      for (const model of models) {
        const offering = this.#instancesOf.get(model);
        if (offering) offering.push(name);
        else this.#instancesOf.set(model, [name]);
      }
    }
  }

  /**
   * The addresses behind a name, in the order they are to be tried and each of them once. A public
   * name comes first, then `instance/model`, then a model that one instance only offers.
   *
   * @throws ApiError `ambiguous_model` or `model_not_found`
   */
  resolve(name: string): readonly ModelAddress[] {
    const publicModel = this.#publicModels.get(name);
    if (!publicModel) return [this.#getAddress(name)];

    const names = [...publicModel.targets.map((target) => target.model), ...publicModel.fallbacks];
    return [...new Set(names)].map((target) => this.#getAddress(target));
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
    const isOffered = known.isOpen ? model !== '' : isListed(known.models, model);
    return isOffered ? { instance, model } : undefined;
  }

  #getAddress(name: string): ModelAddress {
    const address = this.findAddress(name);
    if (address) return address;
    throw new ApiError('model_not_found', `The model ${quote(name)} does not exist`, {
      param: 'model',
    });
  }

  #findBare(model: string): ModelAddress | undefined {
    const listing = this.#instancesOf.get(model) ?? this.#instancesThatKnow(model);
    const [instance, ...others] = listing;
    if (instance === undefined) return undefined;
    if (others.length === 0) return { instance, model };

    const candidates = listing.map((candidate) => `${candidate}/${model}`).join(', ');
    throw new ApiError(
      'ambiguous_model',
      `The model ${quote(model)} is offered by several providers, use one of: ${candidates}`,
      { param: 'model' },
    );
  }

  #instancesThatKnow(model: string): string[] {
    return [...this.#instances.keys()].filter((instance) => this.#knows(instance, model));
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

/** The caller's own text, of which an error needs no more than the beginning. */
function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
