import { describe, expect, it } from 'vitest';
import { completeRates, type Price } from '../catalog/price.js';
import { NO_USAGE, type TokenUsage } from '../providers/contract/token-usage.js';
import type { Admission, Outcome } from './admission.js';
import { closingEntry, interruptedEntry, reservedEntry } from './build-usage-entry.js';
import type { AppliedPrice } from './applied-price.js';
import { NO_MONEY } from './reservation.js';

const admission: Admission = {
  requestId: 'request',
  clientId: 'client',
  apiKeyId: 'key',
  dialect: 'chat',
  requestedModel: 'public',
  provider: 'vendor',
  model: 'model',
  stream: false,
  hasImages: false,
  inputCharacters: 40,
  tags: null,
  endUser: null,
  session: null,
};

const outcome: Outcome = {
  status: 'ok',
  provider: 'vendor',
  model: 'model',
  legs: [],
  usage: NO_USAGE,
  latencyMs: 1,
  firstChunkMs: null,
  httpStatus: 200,
  errorCode: null,
  upstreamRequestId: null,
  translation: null,
};

/** Pico-USD per token in and out. */
function priceOf(input: number, output: number): Price {
  return {
    source: 'override',
    rounded: false,
    rates: completeRates({
      input,
      cacheRead: null,
      cacheWrite: null,
      cacheWrite1h: null,
      inputAudio: null,
      inputImage: null,
      output,
      outputReasoning: null,
      outputAudio: null,
      outputImage: null,
    }),
    tiers: [],
    perRequestNanoUsd: 0,
    webSearchNanoUsd: 0,
  };
}

const applied = (price: Price): AppliedPrice => ({ id: 'price', price });

function reserve(of: Admission, processId: string) {
  return reservedEntry({ admission: of, createdAt: 5, money: NO_MONEY }, processId);
}

function close(usage: Partial<TokenUsage>, price?: Price, rest: Partial<Outcome> = {}) {
  return closingEntry({
    admission,
    reservedNanoUsd: null,
    createdAt: 5,
    processId: 'process',
    outcome: { ...outcome, ...rest, usage: { ...NO_USAGE, ...usage } },
    price: price && applied(price),
  });
}

describe(closingEntry.name, () => {
  it('adds disjoint buckets up to totals and charges each at its rate', () => {
    const entry = close(
      { inputUncached: 10, cacheRead: 5, outputText: 3, outputReasoning: 4 },
      priceOf(1_000_000, 2_000_000),
    );
    expect(entry).toMatchObject({
      inputTokens: 15,
      cachedInputTokens: 5,
      outputTokens: 7,
      reasoningTokens: 4,
      costNanoUsd: 15 * 1000 + 7 * 2000,
    });
  });

  it('has no cost without a price, which is not the same as nothing to pay', () => {
    expect(close({ inputUncached: 10 }).costNanoUsd).toBeNull();
    expect(close({}, priceOf(1, 1)).costNanoUsd).toBe(0);
  });

  it('has units beside tokens, and pictures among what came out', () => {
    const price = { ...priceOf(1000, 2000), units: { image: 5_000_000 } };
    expect(close({ inputUncached: 1, outputImage: 3, units: { image: 2 } }, price)).toMatchObject({
      outputTokens: 3,
      outputImageTokens: 3,
      units: { image: 2 },
      costNanoUsd: 10_007,
      priceNote: null,
    });
    expect(close({ inputUncached: 1 }, price).units).toBeNull();
  });

  it('says where the price has no rates for the tier that was served', () => {
    const price = priceOf(1000, 2000);
    expect(close({ inputUncached: 1, serviceTier: 'priority' }, price)).toMatchObject({
      serviceTier: 'priority',
      priceNote: 'standard_tier_rates',
      costNanoUsd: 1,
    });
    expect(close({ inputUncached: 1, serviceTier: 'priority' }).priceNote).toBeNull();
  });

  it('closes a request even when its cost is beyond any real one', () => {
    const entry = close({ inputUncached: 1_000_000_000 }, priceOf(9e15, 1));
    expect(entry).toMatchObject({ inputTokens: 1_000_000_000, costNanoUsd: null });
  });

  it("keeps no vendor's cost that is no whole number of nano-USD", () => {
    expect(close({ providerCostNanoUsd: 1e300 }).providerCostNanoUsd).toBeNull();
    expect(close({ providerCostNanoUsd: 12 }).providerCostNanoUsd).toBe(12);
  });

  it('cuts what others say to the length of its column', () => {
    const long = 'x'.repeat(1000);
    const entry = closingEntry({
      admission: { ...admission, endUser: long, session: long },
      reservedNanoUsd: null,
      createdAt: 5,
      processId: 'process',
      outcome: { ...outcome, upstreamRequestId: long, usage: { ...NO_USAGE, serviceTier: long } },
      price: undefined,
    });
    expect(entry.endUser).toHaveLength(255);
    expect(entry.session).toHaveLength(255);
    expect(entry.upstreamRequestId).toHaveLength(128);
    expect(entry.serviceTier).toHaveLength(32);
    const reserved = reserve({ ...admission, endUser: long, session: long }, 'process');
    expect(reserved.endUser).toHaveLength(255);
    expect(reserved.session).toHaveLength(255);
  });
});

describe(interruptedEntry.name, () => {
  it('charges the prompt, estimated, and nothing that nobody saw', () => {
    const reserved = reserve(admission, 'dead');
    const entry = interruptedEntry(reserved, applied(priceOf(1_000_000, 2_000_000)));
    expect(entry).toMatchObject({
      kind: 'interrupted',
      status: 'interrupted',
      sequence: 1,
      processId: 'dead',
      createdAt: 5,
      inputTokens: 10,
      outputTokens: 0,
      costNanoUsd: 10 * 1000,
      estimated: true,
    });
  });
});
