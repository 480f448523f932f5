import { describe, expect, it } from 'vitest';
import { NO_USAGE, type TokenUsage } from '../providers/contract/token-usage.js';
import { costParts } from './cost-parts.js';
import { costNanoUsd } from './cost.js';
import { TOKEN_BUCKETS, type Price, type TokenRates } from './price.js';

const CASES = 1_000_000;
const SEED = 20_260_310;

/** Small, fast and the same everywhere (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomFrom(SEED);

/** Of any size up to `max`: as many small numbers as large ones. */
function upTo(max: number): number {
  return Math.floor(max ** random() - (random() < 0.1 ? 1 : 0));
}

function randomRates(): TokenRates {
  // Up to a thousand dollars per million tokens, odd picos among them.
  return Object.fromEntries(
    TOKEN_BUCKETS.map((bucket) => [bucket, upTo(1_000_000_000)]),
  ) as unknown as TokenRates;
}

function randomPrice(): Price {
  const steps = [1000, 200_000].filter(() => random() < 0.3);
  return {
    source: 'override',
    rounded: false,
    rates: randomRates(),
    tiers: steps.map((aboveInputTokens) => ({ aboveInputTokens, rates: randomRates() })),
    perRequestNanoUsd: random() < 0.2 ? upTo(1_000_000_000) : 0,
    webSearchNanoUsd: random() < 0.2 ? upTo(100_000_000) : 0,
  };
}

function randomUsage(): TokenUsage {
  const usage: Record<string, number> = {};
  for (const bucket of TOKEN_BUCKETS) usage[bucket] = random() < 0.5 ? 0 : upTo(500_000_000);
  return { ...NO_USAGE, ...usage, webSearches: random() < 0.1 ? upTo(100) : 0 };
}

/** The definition, in integers of any size: tokens times pico-USD, summed, rounded once, half up. */
function exactCost(usage: TokenUsage, price: Price): bigint {
  const input =
    usage.inputUncached +
    usage.cacheRead +
    usage.cacheWrite +
    usage.cacheWrite1h +
    usage.inputAudio +
    usage.inputImage;
  let rates = price.rates;
  for (const tier of price.tiers) if (input > tier.aboveInputTokens) rates = tier.rates;
  let pico = BigInt(price.perRequestNanoUsd) * 1000n;
  pico += BigInt(usage.webSearches) * BigInt(price.webSearchNanoUsd) * 1000n;
  for (const bucket of TOKEN_BUCKETS) pico += BigInt(usage[bucket]) * BigInt(rates[bucket] ?? 0);
  return (pico + 500n) / 1000n;
}

describe(costNanoUsd.name, () => {
  it('is exact in a million random cases', () => {
    const differences: unknown[] = [];
    let beyondSafe = 0;
    let price = randomPrice();
    for (let count = 0; count < CASES; count += 1) {
      if (count % 8 === 0) price = randomPrice();
      const usage = randomUsage();
      const exact = exactCost(usage, price);
      if (exact * 1000n > BigInt(Number.MAX_SAFE_INTEGER)) beyondSafe += 1;
      const cost = costNanoUsd(usage, price);
      if (cost === null || BigInt(cost) !== exact) differences.push({ usage, price, cost, exact });
    }
    expect(differences.slice(0, 3)).toEqual([]);
    // Both ways of adding up were taken.
    expect(beyondSafe).toBeGreaterThan(1000);
    expect(beyondSafe).toBeLessThan(CASES - 1000);
  }, 60_000);
});

describe(costParts.name, () => {
  it('come to the cost in a hundred thousand random cases', () => {
    const differences: unknown[] = [];
    for (let count = 0; count < CASES / 10; count += 1) {
      const price = randomPrice();
      const usage = randomUsage();
      const pico = costParts(usage, price).reduce((sum, part) => sum + part.picoUsd, 0n);
      if ((pico + 500n) / 1000n !== exactCost(usage, price)) differences.push({ usage, price });
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });

  it('come to the cost of what is charged by other units too', () => {
    const price: Price = {
      ...randomPrice(),
      units: { image: 40_000_000_000, fileSearch: 2_500_000_000 },
      images: [{ size: '1024x1024', picoUsd: 19_000_000_001 }],
    };
    const usage: TokenUsage = {
      ...randomUsage(),
      units: { image: 3, fileSearch: 2, imageSize: '1024x1024' },
    };
    const parts = costParts(usage, price);
    expect(parts.find((part) => part.of === 'image')?.picoUsd).toBe(57_000_000_003n);
    const pico = parts.reduce((sum, part) => sum + part.picoUsd, 0n);
    expect((pico + 500n) / 1000n).toBe(BigInt(costNanoUsd(usage, price) ?? -1));
  });
});
