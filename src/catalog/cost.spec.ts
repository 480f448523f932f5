import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NO_USAGE,
  totalInput,
  totalOutput,
  type TokenUsage,
} from '../providers/contract/token-usage.js';
import { costNanoUsd, lacksServiceTier, maxCostNanoUsd } from './cost.js';
import { UNITS, type Unit, type UsageUnits } from '../providers/contract/usage-units.js';
import { CostRangeError } from './pico-sum.js';
import { ratesFor, TOKEN_BUCKETS, type Price, type TokenRates } from './price.js';

const rate = fc.oneof(
  fc.integer({ min: 0, max: 100_000_000 }),
  fc.integer({ min: 0, max: 1_000_000_000 }),
);
const tokens = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 200_000 }),
  fc.integer({ min: 0, max: 1_000_000_000 }),
);

const rates: fc.Arbitrary<TokenRates> = fc.record(
  Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, rate])) as Record<
    keyof TokenRates,
    typeof rate
  >,
);
const price: fc.Arbitrary<Price> = fc.record({
  source: fc.constant('imported' as const),
  rounded: fc.constant(false),
  rates,
  tiers: fc
    .uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 3 })
    .chain((starts) =>
      fc.tuple(
        ...starts
          .sort((a, b) => a - b)
          .map((aboveInputTokens) =>
            rates.map((tierRates) => ({ aboveInputTokens, rates: tierRates })),
          ),
      ),
    ),
  serviceTiers: fc
    .record({ flex: rates, priority: rates, batch: rates }, { requiredKeys: [] })
    .map((tiers) =>
      Object.fromEntries(
        Object.entries(tiers).map(([tier, tierRates]) => [tier, { rates: tierRates, tiers: [] }]),
      ),
    ),
  units: fc.record(
    Object.fromEntries(UNITS.map((unit) => [unit, fc.integer({ min: 0, max: 1e12 })])) as Record<
      Unit,
      fc.Arbitrary<number>
    >,
    { requiredKeys: [] },
  ),
  perRequestNanoUsd: fc.integer({ min: 0, max: 50_000_000 }),
  webSearchNanoUsd: fc.integer({ min: 0, max: 50_000_000 }),
});
const usage: fc.Arbitrary<TokenUsage> = fc
  .record({
    ...(Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, tokens])) as Record<
      keyof TokenRates,
      typeof tokens
    >),
    webSearches: fc.integer({ min: 0, max: 100 }),
    units: fc.record(
      Object.fromEntries(UNITS.map((unit) => [unit, fc.integer({ min: 0, max: 1000 })])) as Record<
        Unit,
        fc.Arbitrary<number>
      >,
      { requiredKeys: [] },
    ),
    serviceTier: fc.constantFrom('default', 'FLEX', 'flex', 'priority', 'batch'),
  })
  .map((counts) => ({ ...NO_USAGE, ...counts }));

function exactPico(used: TokenUsage, charged: Price): bigint {
  const input = BigInt(totalInput(used));
  const served = used.serviceTier?.toLowerCase() as keyof NonNullable<Price['serviceTiers']>;
  const prices = charged.serviceTiers?.[served] ?? charged;
  let holding = prices.rates;
  for (const tier of prices.tiers) {
    if (input > BigInt(tier.aboveInputTokens)) holding = tier.rates;
  }
  let pico = 1000n * BigInt(charged.perRequestNanoUsd);
  pico += 1000n * BigInt(used.webSearches) * BigInt(charged.webSearchNanoUsd);
  for (const unit of UNITS) {
    pico += BigInt(used.units?.[unit] ?? 0) * BigInt(charged.units?.[unit] ?? 0);
  }
  for (const bucket of TOKEN_BUCKETS) {
    pico += BigInt(used[bucket]) * BigInt(holding[bucket] ?? 0);
  }
  return pico;
}

const flat = (perToken: number, overrides: Partial<TokenRates> = {}): Price => ({
  source: 'override',
  rounded: false,
  rates: {
    ...(Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, perToken])) as TokenRates),
    ...overrides,
  },
  tiers: [],
  perRequestNanoUsd: 0,
  webSearchNanoUsd: 0,
});

describe(costNanoUsd.name, () => {
  it('is the exact rational cost, rounded once, half up', () => {
    fc.assert(
      fc.property(usage, price, (used, charged) => {
        const expected = (exactPico(used, charged) + 500n) / 1000n;
        fc.pre(expected <= BigInt(Number.MAX_SAFE_INTEGER));
        expect(costNanoUsd(used, charged)).toBe(Number(expected));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    [499, 0],
    [500, 1],
    [1499, 1],
    [1500, 2],
  ])('rounds %i pico-USD to %i nano-USD', (pico, nano) => {
    expect(costNanoUsd({ ...NO_USAGE, inputUncached: 1 }, flat(pico))).toBe(nano);
  });

  it('rounds the sum, not its parts', () => {
    const used = { ...NO_USAGE, inputUncached: 1, cacheRead: 1, outputText: 1 };
    expect(costNanoUsd(used, flat(400))).toBe(1);
  });

  it('is exact where a quotient of floats is not', () => {
    const pico = Number.MAX_SAFE_INTEGER;
    const used = { ...NO_USAGE, inputUncached: 1 };
    expect(costNanoUsd(used, flat(pico - 492))).toBe(9_007_199_254_740);
    expect(costNanoUsd(used, flat(pico - 491))).toBe(9_007_199_254_741);
    expect(costNanoUsd(used, flat(pico))).toBe(9_007_199_254_741);
  });

  it('holds a billion tokens at a thousand dollars per million', () => {
    const used = { ...NO_USAGE, inputUncached: 1_000_000_000, outputText: 1_000_000_000 };
    expect(costNanoUsd(used, flat(1_000_000_000))).toBe(2_000_000 * 1e9);
  });

  it('charges every token of the request at the tier of its whole input', () => {
    const tiered = { ...flat(100), tiers: [{ aboveInputTokens: 1000, rates: flat(300).rates }] };
    const below = { ...NO_USAGE, inputUncached: 600, cacheRead: 400, outputText: 10 };
    expect(costNanoUsd(below, tiered)).toBe(101);
    expect(costNanoUsd({ ...below, cacheRead: 401 }, tiered)).toBe(303);
  });

  it('is null for a bucket that has no price, and only when it is used', () => {
    const unpriced = flat(1000, { outputAudio: null });
    expect(costNanoUsd({ ...NO_USAGE, outputText: 5 }, unpriced)).toBe(5);
    expect(costNanoUsd({ ...NO_USAGE, outputText: 5, outputAudio: 1 }, unpriced)).toBeNull();
  });

  it('adds what is charged by the request and by the search', () => {
    const charged = { ...flat(1000), perRequestNanoUsd: 5_000_000, webSearchNanoUsd: 10_000_000 };
    expect(costNanoUsd({ ...NO_USAGE, inputUncached: 7, webSearches: 2 }, charged)).toBe(
      25_000_007,
    );
  });

  const UNPRICED = Object.fromEntries(
    TOKEN_BUCKETS.map((bucket) => [bucket, null]),
  ) as unknown as TokenRates;
  const byUnit: Price = {
    ...flat(0),
    rates: UNPRICED,
    units: { audioSecond: 100_000_000, character: 15_000_000, search: 2_000_000_000 },
    images: [
      { size: '1024x1792', quality: 'hd', picoUsd: 120_000_000_000 },
      { quality: 'hd', picoUsd: 80_000_000_000 },
      { size: '1024x1024', picoUsd: 40_000_000_000 },
    ],
  };
  const uncounted = (units: UsageUnits): TokenUsage => ({ ...NO_USAGE, uncounted: true, units });

  it.each<[string, UsageUnits, number | null]>([
    ['seconds', { audioSecond: 37 }, 3_700_000],
    ['characters', { character: 11 }, 165_000],
    ['searches', { search: 2 }, 4_000_000],
    ['pictures of a form', { image: 2, imageSize: '1024x1792', imageQuality: 'hd' }, 240_000_000],
    ['of a quality', { image: 1, imageSize: '512x512', imageQuality: 'hd' }, 80_000_000],
    ['of a size', { image: 3, imageSize: '1024x1024', imageQuality: 'low' }, 120_000_000],
    ['no pictures', { image: 0, imageSize: '1024x1024' }, 0],
    ['of a form without a price', { image: 1, imageSize: '512x512' }, null],
    ['of no known form', { image: 1 }, null],
    ['what it is not charged by', { fileSearch: 1 }, null],
    ['nothing that was counted', {}, null],
  ])('charges by the unit: %s', (_, units, cost) => {
    expect(costNanoUsd(uncounted(units), byUnit)).toBe(cost);
  });

  it('takes the price of any picture where no form matches', () => {
    const any = { ...byUnit, units: { image: 20_000_000_000 } };
    expect(costNanoUsd(uncounted({ image: 2 }), any)).toBe(40_000_000);
  });

  it('charges by the unit alone where tokens have no price, and by both where they have', () => {
    const used = { ...NO_USAGE, inputUncached: 13, outputText: 151, units: { audioSecond: 36 } };
    expect(costNanoUsd(used, byUnit)).toBe(3_600_000);
    expect(costNanoUsd(used, { ...byUnit, rates: flat(1000).rates })).toBe(3_600_164);
    expect(costNanoUsd({ ...used, units: {} }, byUnit)).toBeNull();
  });

  it('does not know the cost of what nobody counted, unless it costs nothing more', () => {
    expect(costNanoUsd(uncounted({ image: 1 }), flat(1000))).toBeNull();
    expect(costNanoUsd(uncounted({ image: 1 }), flat(0))).toBe(0);
    expect(costNanoUsd(uncounted({}), { ...flat(0), perRequestNanoUsd: 5 })).toBe(5);
    expect(costNanoUsd(uncounted({}), { ...flat(0), units: { image: 1 } })).toBeNull();
  });

  it('does not take a fee for a tool as the price of the call', () => {
    const fee = { ...flat(1000), units: { fileSearch: 2_500_000_000 } };
    expect(costNanoUsd({ ...NO_USAGE, outputText: 4, units: { fileSearch: 2 } }, fee)).toBe(
      5_000_004,
    );
    expect(costNanoUsd(uncounted({ fileSearch: 2 }), fee)).toBeNull();
  });

  it('charges the tier that was served, by the size of the input in it', () => {
    const priority = {
      rates: flat(2000).rates,
      tiers: [{ aboveInputTokens: 10, rates: flat(5000).rates }],
    };
    const tiered: Price = { ...flat(1000), serviceTiers: { priority } };
    const used = { ...NO_USAGE, inputUncached: 10 };
    expect(costNanoUsd(used, tiered)).toBe(10);
    expect(costNanoUsd({ ...used, serviceTier: 'default' }, tiered)).toBe(10);
    expect(costNanoUsd({ ...used, serviceTier: 'Priority' }, tiered)).toBe(20);
    expect(costNanoUsd({ ...used, inputUncached: 11, serviceTier: 'priority' }, tiered)).toBe(55);
  });

  it('takes the standard rates for a tier without any, and says so', () => {
    const tiered: Price = { ...flat(1000), serviceTiers: { flex: flat(500) } };
    const used = { ...NO_USAGE, inputUncached: 10, serviceTier: 'priority' };
    expect(costNanoUsd(used, tiered)).toBe(10);
    expect(lacksServiceTier(used, tiered)).toBe(true);
    expect(lacksServiceTier({ ...used, serviceTier: 'flex' }, tiered)).toBe(false);
    expect(lacksServiceTier({ ...used, serviceTier: 'standard' }, tiered)).toBe(false);
    expect(lacksServiceTier(used, byUnit)).toBe(false);
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('refuses a count of %s', (count) => {
    expect(() => costNanoUsd({ ...NO_USAGE, outputText: count }, flat(1))).toThrow(CostRangeError);
  });

  it('refuses a cost that no integer of JavaScript holds', () => {
    const used = { ...NO_USAGE, outputText: Number.MAX_SAFE_INTEGER };
    expect(() => costNanoUsd(used, flat(1_000_000))).toThrow(CostRangeError);
  });
});

describe(maxCostNanoUsd.name, () => {
  it('is never less than what such a call costs', () => {
    fc.assert(
      fc.property(usage, price, (used, charged) => {
        const outputTokens = totalOutput(used);
        const ceiling = {
          inputTokens: totalInput(used),
          outputTokens,
          audio: true,
          longCache: true,
          webSearches: used.webSearches,
          units: used.units,
        };
        const dearest = 1_000_000_000n * BigInt(totalInput(used) + outputTokens);
        fc.pre(dearest < 1000n * BigInt(Number.MAX_SAFE_INTEGER) - 10n ** 14n);
        const cost = costNanoUsd(used, charged);
        expect(maxCostNanoUsd(ceiling, charged)).toBeGreaterThanOrEqual(cost ?? Infinity);
      }),
    );
  });

  it('rounds up and leaves out what was not asked for', () => {
    const charged = flat(1, { cacheWrite: 2, cacheWrite1h: 2001, inputAudio: 9001 });
    expect(maxCostNanoUsd({ inputTokens: 1, outputTokens: 0 }, charged)).toBe(1);
    expect(maxCostNanoUsd({ inputTokens: 500, outputTokens: 0 }, charged)).toBe(1);
    expect(maxCostNanoUsd({ inputTokens: 501, outputTokens: 0 }, charged)).toBe(2);
    expect(maxCostNanoUsd({ inputTokens: 1, outputTokens: 0, longCache: true }, charged)).toBe(3);
    expect(maxCostNanoUsd({ inputTokens: 1, outputTokens: 0, audio: true }, charged)).toBe(10);
    expect(maxCostNanoUsd({ inputTokens: 0, outputTokens: 0 }, charged)).toBe(0);
  });

  it('uses the tier of the input', () => {
    const tiered = { ...flat(1000), tiers: [{ aboveInputTokens: 10, rates: flat(3000).rates }] };
    expect(maxCostNanoUsd({ inputTokens: 10, outputTokens: 1 }, tiered)).toBe(11);
    expect(maxCostNanoUsd({ inputTokens: 11, outputTokens: 1 }, tiered)).toBe(36);
    expect(ratesFor(tiered, 11)).toBe(tiered.tiers[0]?.rates);
  });

  it('takes the dearest of the service tiers and of the forms of a picture', () => {
    const tiered: Price = {
      ...flat(1000),
      serviceTiers: { flex: flat(500), priority: flat(2000) },
    };
    expect(maxCostNanoUsd({ inputTokens: 10, outputTokens: 1 }, tiered)).toBe(22);
    const images = [
      { size: 'a', picoUsd: 40_000 },
      { size: 'b', picoUsd: 90_000 },
    ];
    const pictures = { ...flat(0), units: { image: 50_000 }, images };
    const ceiling = { inputTokens: 0, outputTokens: 0, units: { image: 2, imageSize: 'a' } };
    expect(maxCostNanoUsd(ceiling, pictures)).toBe(180);
  });

  it('needs no rate for tokens where units alone are charged, and is null without their number', () => {
    const rates = flat(0, Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, null]))).rates;
    const speech = { ...flat(0), rates, units: { character: 15_000_000 } };
    const ceiling = { inputTokens: 3, outputTokens: 0 };
    expect(maxCostNanoUsd({ ...ceiling, units: { character: 11 } }, speech)).toBe(165_000);
    expect(maxCostNanoUsd(ceiling, speech)).toBeNull();
    expect(maxCostNanoUsd({ ...ceiling, units: { image: 1 } }, speech)).toBeNull();
  });

  it('counts output that may be pictures', () => {
    const charged = flat(1000, { outputImage: 30_000 });
    expect(maxCostNanoUsd({ inputTokens: 0, outputTokens: 2 }, charged)).toBe(60);
  });

  it('is null when the price does not cover the output', () => {
    const none = { outputText: null, outputReasoning: null, outputImage: null };
    const embeddings = flat(1000, none);
    expect(maxCostNanoUsd({ inputTokens: 3, outputTokens: 0 }, embeddings)).toBe(3);
    expect(maxCostNanoUsd({ inputTokens: 3, outputTokens: 1 }, embeddings)).toBeNull();
  });
});
