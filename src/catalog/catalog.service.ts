import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Configuration } from '../config/configuration.js';
import type { ConfigurationFile } from '../config/configuration-file.js';
import type { ProviderConfig } from '../config/provider-config.js';
import type { ProviderModel } from '../providers/contract/provider.js';
import { SIMULATED_MODELS } from '../providers/simulated/simulated-models.js';
import { CatalogIndex, type PublicTarget } from './catalog-index.js';
import type { ModelAddress } from './model-address.js';
import type { CatalogModel, ModelFacts } from './catalog-model.js';
import type { ModelRoute } from './model-route.js';
import { boundModels } from './bound-models.js';
import { modelsNamedIn } from './models-named-in.js';
import { PriceFormatError } from './decimal.js';
import { PriceBook, type PricedInstance } from './price-book.js';
import { findDataProvider, listModelInfos } from './price-data.js';
import type { Price } from './price.js';

/** Types that run in this process: they offer what they list, and nothing else. */
const MODELS_OF_TYPE: ReadonlyMap<string, readonly ProviderModel[]> = new Map([
  ['simulated', SIMULATED_MODELS],
]);

interface ListedModel extends ProviderModel {
  /** `instance/model`, or the public name. */
  readonly name: string;
  /** Undefined for a public model whose first target leads nowhere. */
  readonly address: ModelAddress | undefined;
}

/** Everything that follows from one state of the configuration. */
interface Snapshot {
  readonly instances: ReadonlyMap<string, PricedInstance>;
  readonly prices: PriceBook;
  readonly index: CatalogIndex;
  readonly listed: ReadonlyMap<string, ListedModel>;
  /** Names that nobody may use at the moment. */
  readonly disabled: ReadonlySet<string>;
}

/** Which models there are, what a name means, and what a model costs. */
@Injectable()
export class Catalog implements OnModuleDestroy {
  readonly #configuration: Configuration;
  readonly #subscription: Subscription;
  readonly #removeCheck: () => void;
  /** What vendors list themselves, by the account that they listed it for. */
  readonly #registered = new Map<string, readonly ProviderModel[]>();
  #snapshot: Snapshot;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#snapshot = this.#build(configuration.file);
    this.#removeCheck = configuration.addCheck(checkPrices);
    this.#subscription = configuration.changes.subscribe((file) => {
      this.#snapshot = this.#build(file);
    });
  }

  /**
   * Where requests for `name` go, in the order to be tried: targets, then fallbacks.
   *
   * @throws ApiError `model_not_found`, or `ambiguous_model` with the candidates in its message
   */
  resolve(name: string): readonly ModelAddress[] {
    return this.#snapshot.index.resolve(name);
  }

  /**
   * The same places by what they are there for, and how one is chosen.
   *
   * @throws ApiError as `resolve`
   */
  route(name: string): ModelRoute {
    return this.#snapshot.index.route(name);
  }

  /** The price of a model at a moment; undefined when it is unpriced, which is not free. */
  findPrice({ instance, model }: ModelAddress, at: Date = new Date()): Price | undefined {
    const { instances, prices } = this.#snapshot;
    const priced = instances.get(instance);
    return priced && prices.find({ instance: priced, model, at });
  }

  /** A listed model by its public name or `instance/model`; none that is turned off. */
  find(name: string, at: Date = new Date()): CatalogModel | undefined {
    const { listed, disabled } = this.#snapshot;
    const model = disabled.has(name) ? undefined : listed.get(name);
    return model && this.#describe(model, at);
  }

  /** The longest answer of a model, in tokens; undefined where nobody says. */
  maxOutputTokens({ instance, model }: ModelAddress): number | undefined {
    return this.#snapshot.listed.get(`${instance}/${model}`)?.maxOutputTokens;
  }

  /** Every listed model that may be used: public names first, in the order of the configuration. */
  list(at: Date = new Date()): CatalogModel[] {
    const { disabled } = this.#snapshot;
    return this.listAll(at).filter(({ id }) => !disabled.has(id));
  }

  /** Those that are turned off as well. */
  listAll(at: Date = new Date()): CatalogModel[] {
    return [...this.#snapshot.listed.values()].map((listed) => this.#describe(listed, at));
  }

  /** How many models of an instance are listed. */
  countModels(instance: string): number {
    const models = [...this.#snapshot.listed.values()];
    return models.filter(({ name, address }) => name === `${instance}/${address?.model}`).length;
  }

  /** The same of one name; one that no list has may be known all the same, when its instance is. */
  describe(name: string, at: Date = new Date()): CatalogModel | undefined {
    const { listed, instances } = this.#snapshot;
    const known = listed.get(name);
    if (known !== undefined) return this.#describe(known, at);
    const slash = name.indexOf('/');
    const instance = name.slice(0, Math.max(slash, 0));
    const model = name.slice(slash + 1);
    if (!instances.has(instance) || model === '') return undefined;
    return this.#describe({ name, id: model, address: { instance, model } }, at);
  }

  /**
   * What the vendor of an instance says it offers, beside what the price data knows. Replaces what
   * was said before; forgotten when the instance gets another type or base URL. What is too much
   * of it is left out; returns the number of models that were kept.
   */
  registerModels(instance: string, models: readonly ProviderModel[]): number {
    const known = this.#snapshot.instances.get(instance);
    if (!known) return 0;
    const kept = boundModels(models);
    this.#registered.set(accountOf(known), kept);
    this.#snapshot = this.#build(this.#configuration.file, this.#snapshot.prices);
    return kept.length;
  }

  onModuleDestroy(): void {
    this.#removeCheck();
    this.#subscription.unsubscribe();
  }

  /** @param prices of that very file, when there are any already */
  #build(file: ConfigurationFile, prices = new PriceBook(file.prices)): Snapshot {
    const configured = this.#configuration.providers(file).map(toPricedInstance);
    const instances = new Map(configured.map((instance) => [instance.name, instance]));
    this.#forgetOthers(configured);

    const named = modelsNamedIn(file);
    const models = configured.map((instance) => ({ instance, models: this.#modelsOf(instance) }));
    const disabled = this.#configuration.disabledModels;
    const index = new CatalogIndex({
      disabled,
      publicModels: file.models,
      instances: models.map(({ instance, models: offered }) => ({
        name: instance.name,
        models: this.#knownModelsOf(instance).map(({ id }) => id),
        named: named.get(instance.name),
        listed: offered.map(({ id }) => id),
        isOpen: !MODELS_OF_TYPE.has(instance.type),
      })),
      knows: (name, model) => {
        const instance = instances.get(name);
        return instance !== undefined && prices.findInfo(instance, model) !== undefined;
      },
    });

    const listed = new Map<string, ListedModel>();
    for (const { name, targets } of file.models) {
      listed.set(name, { name, id: name, address: findFirst(index, targets) });
    }
    for (const { instance, models: offered } of models) {
      for (const model of offered) {
        const name = `${instance.name}/${model.id}`;
        if (listed.has(name)) continue;
        listed.set(name, { ...model, name, address: { instance: instance.name, model: model.id } });
      }
    }
    return { instances, prices, index, listed, disabled };
  }

  /** The vendor's own list first: it has dates, owners and more. */
  #modelsOf(instance: PricedInstance): readonly ProviderModel[] {
    const registered = this.#registered.get(accountOf(instance)) ?? [];
    const byId = new Map<string, ProviderModel>();
    for (const model of [...registered, ...this.#knownModelsOf(instance)]) {
      if (!byId.has(model.id)) byId.set(model.id, model);
    }
    return [...byId.values()];
  }

  /** Without asking anybody. */
  #knownModelsOf(instance: PricedInstance): readonly ProviderModel[] {
    const own = MODELS_OF_TYPE.get(instance.type);
    if (own !== undefined) return own;
    const providerId = findDataProvider(instance);
    if (providerId === undefined) return [];
    return listModelInfos(providerId).map(({ id }) => ({ id, ownedBy: providerId }));
  }

  #forgetOthers(instances: readonly PricedInstance[]): void {
    const accounts = new Set(instances.map(accountOf));
    for (const account of this.#registered.keys()) {
      if (!accounts.has(account)) this.#registered.delete(account);
    }
  }

  #describe({ name, address, created, ownedBy }: ListedModel, at: Date): CatalogModel {
    return {
      id: name,
      instance: address?.instance,
      model: address?.model,
      created: created ?? 0,
      ownedBy: ownedBy ?? address?.instance ?? 'llm-proxy',
      price: address && this.findPrice(address, at),
      facts: address === undefined ? {} : this.#factsOf(address),
    };
  }

  #factsOf({ instance, model }: ModelAddress): ModelFacts {
    const { instances, listed, prices } = this.#snapshot;
    const facts = factsIn(listed.get(`${instance}/${model}`));
    const priced = instances.get(instance);
    const contextTokens =
      facts.contextTokens ?? (priced && prices.findInfo(priced, model)?.context_window);
    return contextTokens === undefined ? facts : { ...facts, contextTokens };
  }
}

function factsIn(listed: ListedModel | undefined): ModelFacts {
  if (listed === undefined) return {};
  const {
    id: _id,
    created: _created,
    ownedBy: _owner,
    name: _name,
    address: _at,
    ...facts
  } = listed;
  return facts;
}

function toPricedInstance(config: ProviderConfig): PricedInstance {
  const { name, type, baseUrl = '', settings } = config;
  const preset = settings['preset'];
  return { name, type, baseUrl, ...(typeof preset === 'string' && { preset }) };
}

function accountOf({ name, type, baseUrl, preset = '' }: PricedInstance): string {
  return [name, type, baseUrl, preset].join('\n');
}

/** Where a public name leads first, as far as it may be used, or undefined: a list must not fail for one wrong name. */
function findFirst(
  index: CatalogIndex,
  targets: readonly PublicTarget[],
): ModelAddress | undefined {
  for (const { model } of targets) {
    const address = index.findAddress(model);
    if (address !== undefined) return address;
  }
  return undefined;
}

function checkPrices(file: ConfigurationFile): string[] {
  try {
    new PriceBook(file.prices);
    return [];
  } catch (error) {
    if (!(error instanceof PriceFormatError)) throw error;
    return [`prices: ${error.message}`];
  }
}
