import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, totalInput, totalOutput, type TokenUsage } from '../providers/contract/token-usage.js';
import { costNanoUsd, maxCostNanoUsd } from './cost.js';
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
  })
  .map((counts) => ({ ...NO_USAGE, ...counts }));

function exactPico(used: TokenUsage, charged: Price): bigint {
  const input = BigInt(totalInput(used));
  let holding = charged.rates;
  for (const tier of charged.tiers) {
    if (input > BigInt(tier.aboveInputTokens)) holding = tier.rates;
  }
  let pico = 1000n * BigInt(charged.perRequestNanoUsd);
  pico += 1000n * BigInt(used.webSearches) * BigInt(charged.webSearchNanoUsd);
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

  it('is null when the price does not cover the output', () => {
    const embeddings = flat(1000, { outputText: null, outputReasoning: null });
    expect(maxCostNanoUsd({ inputTokens: 3, outputTokens: 0 }, embeddings)).toBe(3);
    expect(maxCostNanoUsd({ inputTokens: 3, outputTokens: 1 }, embeddings)).toBeNull();
  });
});
