import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../providers/contract/token-usage.js';
import { costNanoUsd } from './cost.js';
import { PriceFormatError } from './decimal.js';
import { PriceBook } from './price-book.js';

const openai = { name: 'openai-eu', type: 'openai', baseUrl: 'https://api.openai.com/v1' };
const local = { name: 'local', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1' };
const simulated = { name: 'simulated', type: 'simulated', baseUrl: '' };
const at = new Date('2026-06-01T12:00:00Z');

describe(PriceBook.name, () => {
  it('takes the imported price of the vendor that the instance calls', () => {
    const price = new PriceBook().find({ instance: openai, model: 'gpt-4o-mini', at });
    expect(price).toMatchObject({ source: 'imported', rates: { inputUncached: 150_000 } });
  });

  it('lets an override of that very instance win', () => {
    const book = new PriceBook([
      { model: 'openai-eu/gpt-4o-mini', input: '0.11', cachedInput: 0.055, output: 0.44 },
      { model: 'other/gpt-4o', input: 1, output: 1 },
    ]);
    expect(book.find({ instance: openai, model: 'gpt-4o-mini', at })).toMatchObject({
      source: 'override',
      rates: {
        inputUncached: 110_000,
        cacheRead: 55_000,
        cacheWrite: 110_000,
        cacheWrite1h: 110_000,
        outputText: 440_000,
        outputReasoning: 440_000,
      },
      tiers: [],
    });
    expect(book.find({ instance: openai, model: 'gpt-4o', at })?.source).toBe('imported');
  });

  it('prices a model by an override that nobody else knows', () => {
    const override = { model: 'local/meta/llama', input: 0, output: 0, perRequest: '0.0025' };
    const price = new PriceBook([override]).find({ instance: local, model: 'meta/llama', at });
    expect(price && costNanoUsd({ ...NO_USAGE, outputText: 9 }, price)).toBe(2_500_000);
  });

  it('does not take a missing output price for a free one', () => {
    const price = new PriceBook([{ model: 'local/m', input: 1 }]).find({
      instance: local,
      model: 'm',
      at,
    });
    expect(price && costNanoUsd({ ...NO_USAGE, inputUncached: 2 }, price)).toBe(2000);
    expect(price && costNanoUsd({ ...NO_USAGE, outputText: 1 }, price)).toBeNull();
  });

  it.each(['-1', '0.0000001', 'free', 1e30])('refuses an override of %s', (input) => {
    const model = 'openai/gpt-4o';
    expect(() => new PriceBook([{ model, input }])).toThrow(PriceFormatError);
    expect(() => new PriceBook([{ model, input }])).toThrow(/openai\/gpt-4o, input/);
  });

  it.each([
    ['2026-05-31T23:59:59.999Z', 'imported', 2_500_000],
    ['2026-06-01T00:00:00Z', 'override', 1_000_000],
    ['2026-06-15T16:29:59Z', 'override', 2_000_000],
    ['2026-06-15T16:30:00Z', 'override', 1_000_000],
    ['2026-06-16T00:29:59Z', 'override', 1_000_000],
    ['2026-06-16T00:30:00Z', 'override', 2_000_000],
    ['2026-07-01T00:00:00Z', 'override', 3_000_000],
    ['2026-07-01T20:00:00Z', 'override', 3_000_000],
    ['2026-08-01T00:00:00Z', 'imported', 2_500_000],
  ])('takes at %s the price that holds then', (time, source, inputUncached) => {
    const model = 'openai-eu/gpt-4o';
    const to = '2026-08-01';
    const book = new PriceBook([
      { model, input: 2, output: 1, from: '2026-06-01', to },
      { model, input: 1, output: 1, from: '2026-06-01', to, between: '16:30-00:30' },
      { model, input: 3, output: 1, from: '2026-07-01', to },
    ]);
    const price = book.find({ instance: openai, model: 'gpt-4o', at: new Date(time) });
    expect(price).toMatchObject({ source, rates: { inputUncached } });
  });

  it('knows what OpenAI gives away, and that others do not', () => {
    const book = new PriceBook();
    const price = book.find({ instance: openai, model: 'omni-moderation-latest', at });
    expect(price).toMatchObject({ source: 'free' });
    expect(costNanoUsd({ ...NO_USAGE, uncounted: true }, price!)).toBe(0);
    expect(book.find({ instance: local, model: 'omni-moderation-latest', at })).toBeUndefined();
    const dear = new PriceBook([{ model: 'openai-eu/omni-moderation-latest', perRequest: 1 }]);
    expect(dear.find({ instance: openai, model: 'omni-moderation-latest', at })?.source).toBe(
      'override',
    );
  });

  it('leaves unpriced what nobody prices', () => {
    const book = new PriceBook();
    expect(book.find({ instance: local, model: 'gpt-4o', at })).toBeUndefined();
    expect(book.find({ instance: openai, model: 'gpt-99', at })).toBeUndefined();
    expect(book.find({ instance: openai, model: 'x'.repeat(1_000_000), at })).toBeUndefined();
  });

  it('marks made-up prices as such', () => {
    const price = new PriceBook().find({ instance: simulated, model: 'echo', at });
    expect(price?.source).toBe('simulated');
    expect(price && costNanoUsd({ ...NO_USAGE, inputUncached: 1, outputText: 1 }, price)).toBe(
      4000,
    );
  });

  it('asks the clock at every call', () => {
    const book = new PriceBook();
    const deepseek = { name: 'd', type: 'deepseek', baseUrl: 'https://api.deepseek.com' };
    const input = (time: string) => {
      const price = book.find({ instance: deepseek, model: 'deepseek-chat', at: new Date(time) });
      return price?.rates.inputUncached;
    };
    expect(input('2025-06-01T00:29:59.999Z')).toBe(135_000);
    expect(input('2025-06-01T00:30:00Z')).toBe(270_000);
    expect(input('2025-06-01T16:30:00Z')).toBe(135_000);
  });

  it('knows facts of a model under its dated name', () => {
    const book = new PriceBook();
    expect(book.findInfo(openai, 'gpt-4o-mini-2024-07-18')?.id).toBe('gpt-4o-mini');
    expect(book.findInfo(openai, 'gpt-99')).toBeUndefined();
  });
});
