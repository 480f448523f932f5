import type { DatedPrice } from './dated-price.js';
import { DecimalReader, type Decimal } from './decimal-reader.js';
import {
  completeRates,
  type ImageRate,
  type Price,
  type StatedRates,
  type TokenPrices,
  type UnitRates,
} from './price.js';
import { SERVICE_TIERS, type ServiceTier } from './service-tier.js';

/** USD per million tokens. */
interface StatedTokenPrices {
  readonly input?: Decimal;
  readonly cachedInput?: Decimal;
  readonly cacheWrite?: Decimal;
  readonly cacheWrite1h?: Decimal;
  readonly inputAudio?: Decimal;
  readonly inputImage?: Decimal;
  readonly output?: Decimal;
  readonly outputReasoning?: Decimal;
  readonly outputAudio?: Decimal;
  readonly outputImage?: Decimal;
}

/** What holds instead when the whole input is larger than `inputTokens`. */
interface StatedTier extends StatedTokenPrices {
  readonly inputTokens: number;
}

interface SizedPrices extends StatedTokenPrices {
  readonly above?: readonly StatedTier[] | undefined;
}

/** What a picture of this form costs, in USD. */
interface StatedImagePrice {
  readonly size?: string | undefined;
  readonly quality?: string | undefined;
  readonly usd?: Decimal;
}

/**
 * An entry of the configuration file's `prices`: decimal USD, per million tokens unless the name
 * says otherwise, as a string or a number. While it holds it replaces the imported price as a whole.
 */
export interface PriceOverride extends SizedPrices {
  /** `instance/model`. */
  readonly model: string;
  /** From that day or instant on, in UTC. */
  readonly from?: string | undefined;
  /** Until then. */
  readonly to?: string | undefined;
  /** `HH:MM-HH:MM` of each day in UTC, the end exclusive. */
  readonly between?: string | undefined;
  readonly tiers?: { readonly [Tier in ServiceTier]?: SizedPrices | undefined } | undefined;
  readonly images?: readonly StatedImagePrice[] | undefined;
  /** USD for each, as are all that follow. */
  readonly perRequest?: Decimal;
  readonly perImage?: Decimal;
  readonly perAudioSecond?: Decimal;
  readonly perCharacter?: Decimal;
  readonly perSearch?: Decimal;
  readonly webSearch?: Decimal;
  readonly fileSearch?: Decimal;
}

/**
 * The price that an override states, and when it holds. What it leaves out follows from what
 * contains it; without `output`, output has no price and a call that has any is unpriced, as 0 is
 * what says free. A tier costs what the standard costs in what it leaves out.
 *
 * @throws PriceFormatError naming the member
 */
export function convertPriceOverride(override: PriceOverride): DatedPrice {
  const { model, from, to, between } = override;
  const read = new DecimalReader(`price of ${model}`);
  const standard = statedRates(read, override);
  const units = unitRates(read, override);
  const images = imageRates(read, override);
  const serviceTiers = serviceTiersOf(read, override, standard);
  const price: Price = {
    source: 'override',
    ...(from !== undefined && { effectiveFrom: from }),
    rounded: false,
    ...tokenPrices(read, override, standard),
    ...(serviceTiers && { serviceTiers }),
    ...(units && { units }),
    ...(images && { images }),
    perRequestNanoUsd: read.nano(override, 'perRequest') ?? 0,
    webSearchNanoUsd: read.nano(override, 'webSearch') ?? 0,
  };
  return {
    price,
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
    ...(between !== undefined && { daily: parseDaily(between) }),
  };
}

function statedRates(
  read: DecimalReader,
  prices: StatedTokenPrices,
  otherwise?: StatedRates,
): StatedRates {
  const rate = (member: keyof StatedTokenPrices, bucket: keyof StatedRates): number | null =>
    read.perMillion(prices, member) ?? otherwise?.[bucket] ?? null;
  return {
    input: rate('input', 'input'),
    cacheRead: rate('cachedInput', 'cacheRead'),
    cacheWrite: rate('cacheWrite', 'cacheWrite'),
    cacheWrite1h: rate('cacheWrite1h', 'cacheWrite1h'),
    inputAudio: rate('inputAudio', 'inputAudio'),
    inputImage: rate('inputImage', 'inputImage'),
    output: rate('output', 'output'),
    outputReasoning: rate('outputReasoning', 'outputReasoning'),
    outputAudio: rate('outputAudio', 'outputAudio'),
    outputImage: rate('outputImage', 'outputImage'),
  };
}

function tokenPrices(
  read: DecimalReader,
  { above = [] }: SizedPrices,
  stated: StatedRates,
): TokenPrices {
  const tiers = above.map((tier) => {
    const rates = completeRates(statedRates(read.below(`above ${tier.inputTokens}`), tier, stated));
    return { aboveInputTokens: tier.inputTokens, rates };
  });
  return {
    rates: completeRates(stated),
    tiers: tiers.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens),
  };
}

function serviceTiersOf(
  read: DecimalReader,
  { tiers }: PriceOverride,
  standard: StatedRates,
): Price['serviceTiers'] | undefined {
  if (tiers === undefined) return undefined;
  const stated: Partial<Record<ServiceTier, TokenPrices>> = {};
  for (const tier of SERVICE_TIERS) {
    const prices = tiers[tier];
    if (prices === undefined) continue;
    const reader = read.below(tier);
    stated[tier] = tokenPrices(reader, prices, statedRates(reader, prices, standard));
  }
  return stated;
}

function unitRates(read: DecimalReader, override: PriceOverride): UnitRates | undefined {
  const stated = [
    ['image', read.pico(override, 'perImage')],
    ['audioSecond', read.pico(override, 'perAudioSecond')],
    ['character', read.pico(override, 'perCharacter')],
    ['search', read.pico(override, 'perSearch')],
    ['fileSearch', read.pico(override, 'fileSearch')],
  ].filter(([, rate]) => rate !== null);
  return stated.length === 0 ? undefined : (Object.fromEntries(stated) as UnitRates);
}

function imageRates(read: DecimalReader, { images }: PriceOverride): ImageRate[] | undefined {
  return images?.map((image) => {
    const { size, quality } = image;
    return {
      ...(size !== undefined && { size }),
      ...(quality !== undefined && { quality }),
      picoUsd: read.below('images').pico(image, 'usd') ?? 0,
    };
  });
}

function parseDaily(between: string): NonNullable<DatedPrice['daily']> {
  const [start = 0, end = 0] = between.split('-').map((time) => {
    const [hours, minutes] = time.split(':');
    return Number(hours) * 3600 + Number(minutes) * 60;
  });
  return { start, end };
}
