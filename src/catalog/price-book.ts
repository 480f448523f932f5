import type { ModelInfo } from '@pydantic/genai-prices';
import { LRUCache } from 'lru-cache';
import { findHolding, type DatedPrice } from './dated-price.js';
import { findFreePrice } from './free-models.js';
import { completeRates, type Price } from './price.js';
import {
  findDataProvider,
  findModelInfo,
  importPrices,
  LONGEST_MODEL_ID,
  type PricedEndpoint,
  priceAt,
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
    outputImage: null,
  }),
  tiers: [],
  perRequestNanoUsd: 0,
  webSearchNanoUsd: 0,
};

/** The one place for prices: the configuration file's first, then the imported ones. */
export class PriceBook {
  readonly #overrides: ReadonlyMap<string, readonly DatedPrice[]>;
  readonly #models = new LRUCache<string, KnownModel>({ max: REMEMBERED_MODELS });

  /** @throws PriceFormatError when an override cannot be charged exactly */
  constructor(overrides: readonly PriceOverride[] = []) {
    const dated = new Map<string, DatedPrice[]>();
    for (const override of overrides) {
      const { model } = override;
      dated.set(model, [...(dated.get(model) ?? []), convertPriceOverride(override)]);
    }
    this.#overrides = dated;
  }

  /** The price that holds at a moment; undefined means that the model is unpriced, not free. */
  find({ instance, model, at }: PriceQuestion): Price | undefined {
    const overrides = this.#overrides.get(`${instance.name}/${model}`);
    const override = overrides && findHolding(overrides, at);
    if (override) return override.price;
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
    const free = providerId === undefined ? undefined : findFreePrice(providerId, model);
    const imported = info ? importPrices(info) : [];
    const found = { info, prices: free ? [{ price: free }] : imported };
    this.#models.set(key, found);
    return found;
  }
}
