import { Injectable } from '@nestjs/common';
import type { CatalogModel } from '../../catalog/catalog-model.js';
import { Catalog } from '../../catalog/catalog.service.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { StoredReader } from '../../provisioning/stored-reader.js';
import { LastUse } from '../../usage/rollups/last-use.js';
import { modelPriceView } from './model-price.js';
import type { ModelQuery } from './model.query.js';
import type { ModelView, PriceOverrideView } from './model.view.js';

/** What is looked up once for all models of an answer. */
interface Beside {
  readonly routes: ReadonlySet<string>;
  readonly disabled: ReadonlySet<string>;
  readonly overrides: ReadonlyMap<string, PriceOverrideView>;
  readonly aliases: ReadonlyMap<string, string[]>;
  readonly lastUse: ReadonlyMap<string, number>;
}

/** The catalogue as people see it: what is known of each model, and what was said of it here. */
@Injectable()
export class ModelsDesk {
  constructor(
    private readonly catalog: Catalog,
    private readonly configuration: Configuration,
    private readonly stored: StoredReader,
    private readonly lastUse: LastUse,
  ) {}

  async list({ provider, search, kind, priced }: ModelQuery): Promise<ModelView[]> {
    const beside = await this.#lookBeside();
    const wanted = search?.toLowerCase() ?? '';
    return this.catalog
      .listAll()
      .filter((one) => provider === undefined || one.instance === provider)
      .filter((one) => one.id.toLowerCase().includes(wanted))
      .filter((one) => priced === undefined || (one.price !== undefined) === (priced === 'true'))
      .map((one) => viewOf(one, beside))
      .filter((view) => kind === undefined || view.kind === kind);
  }

  /** Also of a model that is in no list, when its instance is configured. Throws `not_found`. */
  async get(id: string): Promise<ModelView> {
    const found = this.catalog.describe(id);
    if (found !== undefined) return viewOf({ ...found, id }, await this.#lookBeside());
    throw new ApiError('not_found', `There is no model ${JSON.stringify(id.slice(0, 100))}.`);
  }

  async #lookBeside(): Promise<Beside> {
    const { file, written, disabledModels } = this.configuration;
    const overrides = new Map<string, PriceOverrideView>();
    for (const { name, value } of await this.stored.all('price')) {
      const prices = value['prices'] as Record<string, unknown>[];
      overrides.set(name, { source: 'stored', prices });
    }
    for (const { model } of written.prices) overrides.set(model, { source: 'file', prices: null });
    const aliases = new Map<string, string[]>();
    for (const { name, targets } of file.models) {
      const [first] = targets;
      if (first === undefined) continue;
      aliases.set(first.model, [...(aliases.get(first.model) ?? []), name]);
    }
    return {
      routes: new Set(file.models.map(({ name }) => name)),
      disabled: disabledModels,
      overrides,
      aliases,
      lastUse: await this.lastUse.byModel(),
    };
  }
}

function viewOf(
  { id, instance, model, ownedBy, price, facts }: CatalogModel,
  { routes, disabled, overrides, aliases, lastUse }: Beside,
): ModelView {
  const address = `${instance}/${model}`;
  const usedAt = lastUse.get(address);
  return {
    id,
    kind: routes.has(id) ? 'route' : 'model',
    provider: instance ?? null,
    model: model ?? null,
    displayName: facts.displayName ?? null,
    ownedBy,
    enabled: !disabled.has(id),
    capabilities: {
      inputs: facts.inputs === undefined ? null : [...facts.inputs],
      outputs: facts.outputs === undefined ? null : [...facts.outputs],
      tools: facts.tools ?? null,
      reasoning: facts.reasoning ?? null,
      structuredOutput: facts.structuredOutput ?? null,
    },
    contextTokens: facts.contextTokens ?? null,
    maxOutputTokens: facts.maxOutputTokens ?? null,
    price: price === undefined ? null : modelPriceView(price),
    override: overrides.get(address) ?? null,
    aliases: routes.has(id) ? [] : (aliases.get(address) ?? []),
    lastUsedAt: usedAt === undefined ? null : new Date(usedAt).toISOString(),
  };
}
