import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  calcPrice,
  findProvider,
  type ConditionalPrice,
  type ModelInfo,
  type ModelPrice,
} from '@pydantic/genai-prices';
import { findHolding, type DatedPrice } from './dated-price.js';
import { scaleDecimal } from './decimal.js';
import { completeRates, type Price, type TokenRates, type UnitRates } from './price.js';

/**
 * The price data that is bundled with `@pydantic/genai-prices`, read in place. The package looks
 * up which model a name means; of its prices only the stated decimals are taken, because its own
 * sums are floats. It fetches nothing unless `updatePrices` is called, and nobody calls that.
 */

/** Provider ids of the data, for types whose base URL says nothing (a relay, a private endpoint). */
const PROVIDER_OF_TYPE: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  deepseek: 'deepseek',
  xai: 'x-ai',
  openrouter: 'openrouter',
  azure: 'azure',
};

const SECONDS_PER_HOUR = 3600;

/** No vendor has longer ids; a caller may send any text as a model. */
export const LONGEST_MODEL_ID = 256;

/** Likewise for the presets of a type that speaks many vendors' protocol. */
const PROVIDER_OF_PRESET: Readonly<Record<string, string>> = {
  fireworks: 'fireworks',
  groq: 'groq',
  mistral: 'mistral',
  moonshot: 'moonshotai',
  perplexity: 'perplexity',
  together: 'together',
};

/** Where the imported prices come from, such as `@pydantic/genai-prices 0.1.8`. */
export const PRICE_DATA_VERSION = readPackageVersion();

/** What tells whose prices an instance pays. */
export interface PricedEndpoint {
  readonly type: string;
  readonly baseUrl: string;
  readonly preset?: string | undefined;
}

/** The provider id of the data whose prices an instance pays, or undefined. */
export function findDataProvider({ type, baseUrl, preset }: PricedEndpoint): string | undefined {
  const byUrl = findProvider({ providerApiUrl: baseUrl });
  if (byUrl !== undefined) return byUrl.id;
  return PROVIDER_OF_TYPE[type] ?? (preset === undefined ? undefined : PROVIDER_OF_PRESET[preset]);
}

/** What the data knows about a model under this or an equivalent name (dated, aliased). */
export function findModelInfo(providerId: string, model: string): ModelInfo | undefined {
  if (model === '' || model.length > LONGEST_MODEL_ID) return undefined;
  return calcPrice({}, model, { providerId })?.model;
}

/** One entry for each provider of the data at most. */
const listedModels = new Map<string, readonly ModelInfo[]>();

/** Models that can be called by the id the data lists them under; withdrawn ones are left out. */
export function listModelInfos(providerId: string): readonly ModelInfo[] {
  const known = listedModels.get(providerId);
  if (known) return known;
  const provider = findProvider({ providerId });
  if (!provider) return [];
  // Some ids name a family ("ft:gpt-4o") and do not match themselves.
  const models = provider.models.filter(
    (model) => !model.deprecated && findModelInfo(provider.id, model.id) === model,
  );
  listedModels.set(providerId, models);
  return models;
}

/** All prices of a model: of those that hold at a moment the last one counts, else the first. */
export function importPrices(model: ModelInfo): DatedPrice[] {
  const stated: ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  return stated.map(({ constraint, prices }) => {
    if (constraint === undefined) return { price: importPrice(prices) };
    if (constraint.type === 'start_date') {
      const effectiveFrom = constraint.start_date;
      return { from: Date.parse(effectiveFrom), price: importPrice(prices, effectiveFrom) };
    }
    const start = parseTimeOfDay(constraint.start_time);
    return {
      daily: { start, end: parseTimeOfDay(constraint.end_time) },
      price: importPrice(prices),
    };
  });
}

/** The price that holds at `at`. */
export function priceAt(prices: readonly DatedPrice[], at: Date): Price | undefined {
  return (findHolding(prices, at) ?? prices[0])?.price;
}

/** What of the data a call of the client API can be charged by. */
const CHARGED = ['input_mtok', 'output_mtok', 'input_audio_hours'];

function importPrice(stated: ModelPrice, effectiveFrom?: string): Price | undefined {
  if (!CHARGED.some((key) => stated[key] !== undefined)) return undefined;
  const reader = new StatedPrices(stated);
  const units = reader.units();
  const price = {
    source: 'imported' as const,
    sourceVersion: PRICE_DATA_VERSION,
    effectiveFrom,
    rates: reader.rates(),
    tiers: reader.tierStarts().map((start) => {
      return { aboveInputTokens: start, rates: reader.rates(start) };
    }),
    ...(units && { units }),
    // The data counts these by the thousand, and a thousandth of a USD is 10^6 nano-USD.
    perRequestNanoUsd: reader.scaled('requests_kcount') ?? 0,
    webSearchNanoUsd: reader.scaled('web_searches_kcount') ?? 0,
  };
  return { ...price, rounded: reader.rounded };
}

/** Reads stated decimals as integers, and remembers whether one had to be rounded. */
class StatedPrices {
  rounded = false;

  constructor(private readonly stated: ModelPrice) {}

  tierStarts(): number[] {
    const starts = Object.values(this.stated).flatMap((value) =>
      typeof value === 'object' ? value.tiers.map((tier) => tier.start) : [],
    );
    return [...new Set(starts)].sort((a, b) => a - b);
  }

  rates(tierStart?: number): TokenRates {
    return completeRates({
      input: this.scaled('input_mtok', tierStart),
      cacheRead: this.scaled('cache_read_mtok', tierStart),
      cacheWrite: this.scaled('cache_write_mtok', tierStart),
      cacheWrite1h: this.scaled('cache_write_1h_mtok', tierStart),
      inputAudio: this.scaled('input_audio_mtok', tierStart),
      inputImage: this.scaled('input_image_mtok', tierStart),
      output: this.scaled('output_mtok', tierStart),
      outputReasoning: this.scaled('output_reasoning_mtok', tierStart),
      outputAudio: this.scaled('output_audio_mtok', tierStart),
      outputImage: this.scaled('output_image_mtok', tierStart),
    });
  }

  /** Undefined where the data names none. */
  units(): UnitRates | undefined {
    const audioHour = this.scaled('input_audio_hours', undefined, 12);
    const fileSearch = this.scaled('storage_searches_kcount', undefined, 9);
    if (audioHour === null && fileSearch === null) return undefined;
    return {
      ...(audioHour !== null && { audioSecond: this.#perSecond(audioHour) }),
      ...(fileSearch !== null && { fileSearch }),
    };
  }

  #perSecond(picoPerHour: number): number {
    if (picoPerHour % SECONDS_PER_HOUR !== 0) this.rounded = true;
    return Math.round(picoPerHour / SECONDS_PER_HOUR);
  }

  /** USD per million as pico-USD each, or USD per thousand as nano-USD each: both are × 10^6. */
  scaled(key: string, tierStart?: number, decimals = 6): number | null {
    const value = this.stated[key];
    if (value === undefined) return null;
    const decimal = typeof value === 'number' ? value : tierPrice(value, tierStart);
    const { units, exact } = scaleDecimal(decimal, decimals);
    if (!exact) this.rounded = true;
    return units;
  }
}

function tierPrice(
  tiered: Exclude<ModelPrice[string], number | undefined>,
  tierStart: number | undefined,
): number {
  if (tierStart === undefined) return tiered.base;
  const reached = tiered.tiers
    .filter((tier) => tier.start <= tierStart)
    .sort((a, b) => a.start - b.start);
  return reached.at(-1)?.price ?? tiered.base;
}

/** `HH:MM:SS` with `Z` or an offset, as seconds after midnight UTC. */
function parseTimeOfDay(text: string): number {
  const time = new Date(`1970-01-02T${text}`).getTime() / 1000;
  if (Number.isNaN(time)) throw new RangeError(`Not a time of day in the price data: ${text}`);
  return time % 86_400;
}

function readPackageVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@pydantic/genai-prices');
  const manifest = readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8');
  const { name, version } = JSON.parse(manifest) as { name: string; version: string };
  return `${name} ${version}`;
}
