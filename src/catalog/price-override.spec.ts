import { describe, expect, it } from 'vitest';
import { PriceFormatError } from './decimal.js';
import { convertPriceOverride, type PriceOverride } from './price-override.js';

const model = 'openai/gpt-5';
const priceOf = (stated: Omit<PriceOverride, 'model'>) =>
  convertPriceOverride({ model, ...stated }).price!;

describe(convertPriceOverride.name, () => {
  it('has a rate of its own for each kind of token', () => {
    const price = priceOf({
      input: '1',
      cachedInput: '0.1',
      cacheWrite: '1.25',
      cacheWrite1h: '2',
      inputAudio: '3',
      inputImage: '4',
      output: '5',
      outputReasoning: '6',
      outputAudio: '7',
      outputImage: '8',
    });
    expect(price.rates).toEqual({
      inputUncached: 1_000_000,
      cacheRead: 100_000,
      cacheWrite: 1_250_000,
      cacheWrite1h: 2_000_000,
      inputAudio: 3_000_000,
      inputImage: 4_000_000,
      outputText: 5_000_000,
      outputReasoning: 6_000_000,
      outputAudio: 7_000_000,
      outputImage: 8_000_000,
    });
    expect(price).not.toHaveProperty('units');
  });

  it('has fees and units in USD each', () => {
    expect(
      priceOf({
        perRequest: '0.005',
        webSearch: '0.01',
        fileSearch: '0.0025',
        perImage: '0.04',
        perAudioSecond: '0.0001',
        perCharacter: '0.000015',
        perSearch: '0.002',
        images: [{ size: '1024x1792', usd: '0.08' }, { usd: '0' }],
      }),
    ).toMatchObject({
      perRequestNanoUsd: 5_000_000,
      webSearchNanoUsd: 10_000_000,
      units: {
        image: 40_000_000_000,
        audioSecond: 100_000_000,
        character: 15_000_000,
        search: 2_000_000_000,
        fileSearch: 2_500_000_000,
      },
      images: [{ size: '1024x1792', picoUsd: 80_000_000_000 }, { picoUsd: 0 }],
    });
  });

  it('has tiers by size in order; what one leaves out stays as it is', () => {
    const { tiers } = priceOf({
      input: 1,
      cachedInput: 0.5,
      output: 10,
      above: [
        { inputTokens: 400_000, input: 4 },
        { inputTokens: 200_000, input: 2, cachedInput: 1, output: 15 },
      ],
    });
    expect(tiers).toMatchObject([
      {
        aboveInputTokens: 200_000,
        rates: { inputUncached: 2e6, cacheRead: 1e6, outputText: 15e6 },
      },
      {
        aboveInputTokens: 400_000,
        rates: { inputUncached: 4e6, cacheRead: 5e5, outputText: 10e6 },
      },
    ]);
  });

  it('has service tiers; a bucket that nobody states follows from the one that contains it', () => {
    const { serviceTiers } = priceOf({
      input: 2,
      output: 8,
      tiers: {
        flex: { input: 1, output: 4, above: [{ inputTokens: 9, output: 5 }] },
        priority: { output: 16 },
      },
    });
    expect(serviceTiers).toMatchObject({
      flex: {
        rates: { inputUncached: 1e6, cacheRead: 1e6, outputText: 4e6, outputReasoning: 4e6 },
        tiers: [{ aboveInputTokens: 9, rates: { inputUncached: 1e6, outputText: 5e6 } }],
      },
      priority: { rates: { inputUncached: 2e6, outputText: 16e6 }, tiers: [] },
    });
    expect(serviceTiers).not.toHaveProperty('batch');
  });

  it('knows when it holds', () => {
    const dated = { from: '2026-12-01', to: '2027-01-01T12:30Z', between: '16:30-00:05' };
    expect(convertPriceOverride({ model, ...dated })).toMatchObject({
      from: Date.UTC(2026, 11, 1),
      to: Date.UTC(2027, 0, 1, 12, 30),
      daily: { start: 59_400, end: 300 },
      price: { effectiveFrom: '2026-12-01' },
    });
  });

  it.each<[string, Omit<PriceOverride, 'model'>]>([
    ['flex, above 9, input', { tiers: { flex: { above: [{ inputTokens: 9, input: '-1' }] } } }],
    ['images, usd', { images: [{ usd: '0.0000000000001' }] }],
    ['perCharacter', { perCharacter: '1e9' }],
  ])('names what cannot be charged: %s', (member, stated) => {
    expect(() => priceOf(stated)).toThrow(PriceFormatError);
    expect(() => priceOf(stated)).toThrow(`price of openai/gpt-5, ${member}: `);
  });
});
