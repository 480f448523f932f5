import type { ModelInfo } from '@pydantic/genai-prices';
import { LRUCache } from 'lru-cache';
import { completeRates, type Price } from './price.js';
import {
  findDataProvider,
  findModelInfo,
  importPrices,
  LONGEST_MODEL_ID,
  type PricedEndpoint,
  priceAt,
  type DatedPrice,
} from './price-data.js';
import { convertPriceOverride, type PriceOverride } from './price-override.js';

/** Names are the callers' own, so what is remembered about them is bounded. */
const REMEMBERED_MODELS = 10_000;

export interface PricedInstance extends PricedEndpoint {
  readonly name: string;
}

export interface PriceQuestion {
  readonly instance: PricedInstance;
  /** The vendor's own id. */
  readonly model: string;
  readonly at: Date;
}

interface KnownModel {
  readonly info: ModelInfo | undefined;
  readonly prices: readonly DatedPrice[];
}

const UNKNOWN_MODEL: KnownModel = { info: undefined, prices: [] };

/** A dollar per million tokens in, three out: enough to see money move in a demonstration. */
const SIMULATED_PRICE: Price = {
  source: 'simulated',
  rounded: false,
  rates: completeRates({
    input: 1_000_000,
    cacheRead: 100_000,
    cacheWrite: 1_250_000,
    cacheWrite1h: 2_000_000,
    inputAudio: null,
    inputImage: null,
    output: 3_000_000,
    outputReasoning: null,
    outputAudio: null,
  }),
  tiers: [],
  perRequestNanoUsd: 0,
  webSearchNanoUsd: 0,
};

/** The one place for prices: the configuration file's first, then the imported ones. */
export class PriceBook {
  readonly #overrides: ReadonlyMap<string, Price>;
  readonly #models = new LRUCache<string, KnownModel>({ max: REMEMBERED_MODELS });

  /** @throws PriceFormatError when an override cannot be charged exactly */
  constructor(overrides: readonly PriceOverride[] = []) {
    this.#overrides = new Map(
      overrides.map((override) => [override.model, convertPriceOverride(override)]),
    );
  }

  /** The price that holds at a moment; undefined means that the model is unpriced, not free. */
  find({ instance, model, at }: PriceQuestion): Price | undefined {
    const override = this.#overrides.get(`${instance.name}/${model}`);
    if (override) return override;
    if (instance.type === 'simulated') return SIMULATED_PRICE;
    return priceAt(this.#known(instance, model).prices, at);
  }

  /** What the price data says about a model, or undefined when it does not know it. */
  findInfo(instance: PricedInstance, model: string): ModelInfo | undefined {
    return this.#known(instance, model).info;
  }

  #known(instance: PricedInstance, model: string): KnownModel {
    if (model.length > LONGEST_MODEL_ID) return UNKNOWN_MODEL;
    const { type, baseUrl, preset = '' } = instance;
    const key = [type, baseUrl, preset, model].join('\n');
    const known = this.#models.get(key);
    if (known) return known;
    const providerId = findDataProvider(instance);
    const info = providerId === undefined ? undefined : findModelInfo(providerId, model);
    const found = info ? { info, prices: importPrices(info) } : UNKNOWN_MODEL;
    this.#models.set(key, found);
    return found;
  }
}
