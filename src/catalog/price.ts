import type { Unit } from '../providers/contract/usage-units.js';
import { servedTier, type ServiceTier } from './service-tier.js';

/** The buckets of `TokenUsage` that are tokens, each with its own rate. */
export const TOKEN_BUCKETS = [
  'inputUncached',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'inputAudio',
  'inputImage',
  'outputText',
  'outputReasoning',
  'outputAudio',
  'outputImage',
] as const;

export type TokenBucket = (typeof TOKEN_BUCKETS)[number];

/**
 * Pico-USD per token, which is USD per million tokens times 10^6. Null where the source names no
 * price: tokens of that bucket cannot be charged, which is not the same as being free.
 */
export type TokenRates = Readonly<Record<TokenBucket, number | null>>;

/** Rates for requests whose total input is larger than `aboveInputTokens`; they hold for every token. */
export interface PriceTier {
  readonly aboveInputTokens: number;
  readonly rates: TokenRates;
}

/** What tokens cost, by the size of the input. */
export interface TokenPrices {
  readonly rates: TokenRates;
  /** In ascending order of `aboveInputTokens`. */
  readonly tiers: readonly PriceTier[];
}

/** Pico-USD for each; what is absent is not charged by. */
export type UnitRates = Readonly<Partial<Record<Unit, number>>>;

/** What a picture of this form costs; a member that is absent matches any. */
export interface ImageRate {
  readonly size?: string;
  readonly quality?: string;
  readonly picoUsd: number;
}

/** What one model costs at one moment. All amounts are safe integers. */
export interface Price extends TokenPrices {
  /**
   * `override`: the configuration file; `imported`: the bundled price data; `free`: the vendor charges
   * nothing; `simulated`: made up.
   */
  readonly source: 'override' | 'imported' | 'free' | 'simulated';
  /** Package and version of imported data. */
  readonly sourceVersion?: string;
  /** The day or instant from which the source says that the price holds, where it says so. */
  readonly effectiveFrom?: string;
  /** True when the source was finer than a pico-USD and had to be rounded, half up. */
  readonly rounded: boolean;
  /** In place of the standard ones, for what the vendor says it served in another tier. */
  readonly serviceTiers?: Readonly<Partial<Record<ServiceTier, TokenPrices>>>;
  readonly units?: UnitRates;
  /** The first that matches counts; where none does, the `image` of `units`. */
  readonly images?: readonly ImageRate[];
  /** Nano-USD for each request, whatever its tokens. */
  readonly perRequestNanoUsd: number;
  /** Nano-USD for each web search; 0 where the source names none. */
  readonly webSearchNanoUsd: number;
}

/** Rates as sources state them; what they leave out follows from what they say. */
export interface StatedRates {
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly cacheWrite1h: number | null;
  readonly inputAudio: number | null;
  readonly inputImage: number | null;
  readonly output: number | null;
  readonly outputReasoning: number | null;
  readonly outputAudio: number | null;
  readonly outputImage: number | null;
}

/** A bucket without a price of its own costs what the bucket that contains it costs. */
export function completeRates(stated: StatedRates): TokenRates {
  const cacheWrite = stated.cacheWrite ?? stated.input;
  return {
    inputUncached: stated.input,
    cacheRead: stated.cacheRead ?? stated.input,
    cacheWrite,
    cacheWrite1h: stated.cacheWrite1h ?? cacheWrite,
    inputAudio: stated.inputAudio ?? stated.input,
    inputImage: stated.inputImage ?? stated.input,
    outputText: stated.output,
    outputReasoning: stated.outputReasoning ?? stated.output,
    outputAudio: stated.outputAudio ?? stated.output,
    outputImage: stated.outputImage ?? stated.output,
  };
}

/**
 * The rates that hold for a request with so many input tokens in all.
 * @param served what the vendor calls the tier that it served; the standard rates where it has no others
 */
export function ratesFor(price: Price, inputTokens: number, served?: string): TokenRates {
  const tier = servedTier(served);
  return ratesIn((tier && price.serviceTiers?.[tier]) ?? price, inputTokens);
}

/** As `ratesFor`, of the standard and every service tier: for who does not know yet which it will be. */
export function possibleRates(price: Price, inputTokens: number): readonly TokenRates[] {
  const standard = ratesIn(price, inputTokens);
  if (price.serviceTiers === undefined) return alone(standard);
  const others = Object.values(price.serviceTiers);
  return [standard, ...others.map((prices) => ratesIn(prices, inputTokens))];
}

const lists = new WeakMap<TokenRates, readonly TokenRates[]>();

/** The same list each time: a hold looks at what it may cost a dozen times. */
function alone(rates: TokenRates): readonly TokenRates[] {
  const known = lists.get(rates);
  if (known !== undefined) return known;
  const list = [rates];
  lists.set(rates, list);
  return list;
}

function ratesIn({ rates, tiers }: TokenPrices, inputTokens: number): TokenRates {
  if (tiers.length === 0) return rates;
  const tier = tiers.findLast((candidate) => inputTokens > candidate.aboveInputTokens);
  return tier?.rates ?? rates;
}
