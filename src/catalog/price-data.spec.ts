import { calcPrice, waitForUpdate } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import {
  NO_USAGE,
  totalInput,
  totalOutput,
  type TokenUsage,
} from '../providers/contract/token-usage.js';
import { costNanoUsd } from './cost.js';
import {
  findDataProvider,
  findModelInfo,
  importPrices,
  listModelInfos,
  priceAt,
  PRICE_DATA_VERSION,
} from './price-data.js';
import type { Price } from './price.js';

function imported(providerId: string, model: string, at = new Date('2026-06-01T12:00:00Z')) {
  const info = findModelInfo(providerId, model);
  return info && priceAt(importPrices(info), at);
}

function mustImport(providerId: string, model: string, at?: Date): Price {
  const price = imported(providerId, model, at);
  if (!price) throw new Error(`no price for ${providerId}/${model}`);
  return price;
}

/** The usage as the package wants it: totals, and sub-counts that are contained in them. */
function packageUsage(usage: TokenUsage): Record<string, number> {
  return {
    input_tokens: totalInput(usage),
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite + usage.cacheWrite1h,
    cache_write_1h_tokens: usage.cacheWrite1h,
    input_audio_tokens: usage.inputAudio,
    cache_audio_read_tokens: 0,
    input_image_tokens: usage.inputImage,
    output_tokens: totalOutput(usage),
    output_reasoning_tokens: usage.outputReasoning,
    output_audio_tokens: usage.outputAudio,
    output_image_tokens: usage.outputImage,
    web_searches: usage.webSearches,
  };
}

const MODELS: Array<[string, string]> = [
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-mini-2024-07-18'],
  ['openai', 'gpt-4.1-nano'],
  ['openai', 'gpt-5'],
  ['openai', 'gpt-5.6-sol'],
  ['openai', 'o3'],
  ['openai', 'gpt-4o-mini-realtime-preview'],
  ['openai', 'text-embedding-3-small'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-sonnet-4-6'],
  ['anthropic', 'claude-opus-4-6'],
  ['anthropic', 'claude-haiku-4-5-20251001'],
  ['google', 'gemini-2.5-pro'],
  ['google', 'gemini-2.5-flash'],
  ['google', 'gemini-3.6-flash'],
  ['deepseek', 'deepseek-chat'],
  ['deepseek', 'deepseek-v4-flash'],
  ['x-ai', 'grok-4-0709'],
  ['x-ai', 'grok-4.3'],
  ['mistral', 'ministral-8b-latest'],
  ['groq', 'openai/gpt-oss-120b'],
  ['perplexity', 'sonar-pro'],
  ['azure', 'gpt-4o'],
  ['openrouter', 'anthropic/claude-sonnet-4.5'],
];

const USAGES: Record<string, Partial<TokenUsage>> = {
  small: { inputUncached: 17, outputText: 5 },
  cached: { inputUncached: 1234, cacheRead: 99_001, outputText: 777 },
  'at the tier': { inputUncached: 100_000, cacheRead: 100_000, outputText: 333 },
  'above the tier': { inputUncached: 100_001, cacheRead: 100_000, outputText: 333 },
  'far above': { inputUncached: 300_001, outputText: 65_432 },
  written: { inputUncached: 3, cacheWrite: 2049, cacheWrite1h: 1021, outputText: 11 },
  reasoning: { inputUncached: 40, outputText: 7, outputReasoning: 1999, webSearches: 3 },
};

const INSTANTS = [
  '2025-11-03T00:29:59.999Z',
  '2025-11-03T00:30:00Z',
  '2026-09-01T05:00:00Z',
  '2026-09-01T07:00:00Z',
  '2027-02-01T16:30:00Z',
];

describe('imported prices', () => {
  describe.each(MODELS)('%s/%s', (providerId, model) => {
    it.each(Object.entries(USAGES))('charges what the package computes: %s', (_name, counts) => {
      const embeddings = model.startsWith('text-embedding');
      const usage = embeddings
        ? { ...NO_USAGE, inputUncached: counts.inputUncached ?? 0 }
        : { ...NO_USAGE, ...counts };
      for (const instant of INSTANTS) {
        const at = new Date(instant);
        const theirs = calcPrice(packageUsage(usage), model, { providerId, timestamp: at });
        const ours = costNanoUsd(usage, mustImport(providerId, model, at));
        expect(
          Math.abs((ours ?? Number.NaN) - (theirs?.total_price ?? Number.NaN) * 1e9),
        ).toBeLessThanOrEqual(1);
      }
    });
  });

  it('charges audio at its own rate', () => {
    const usage = {
      ...NO_USAGE,
      inputUncached: 100,
      inputAudio: 200,
      outputText: 5,
      outputAudio: 50,
    };
    const model = 'gpt-4o-mini-realtime-preview';
    const theirs = calcPrice(packageUsage(usage), model, { providerId: 'openai' });
    expect(costNanoUsd(usage, mustImport('openai', model))).toBe(
      Math.round((theirs?.total_price ?? Number.NaN) * 1e9),
    );
  });

  it.each([
    ['openai', 'gpt-image-1.5', { inputUncached: 9, inputImage: 40, outputImage: 4160 }],
    ['google', 'gemini-2.5-flash-image', { inputUncached: 9, outputText: 3, outputImage: 1290 }],
  ])('charges pictures made by %s/%s at their own rate', (providerId, model, counts) => {
    const usage = { ...NO_USAGE, ...counts };
    const theirs = calcPrice(packageUsage(usage), model, { providerId });
    expect(costNanoUsd(usage, mustImport(providerId, model))).toBe(
      Math.round((theirs?.total_price ?? Number.NaN) * 1e9),
    );
  });

  it.each([
    ['openai', 'whisper-1', 100_000_000, false],
    ['openai', 'gpt-transcribe', 75_000_000, false],
    ['groq', 'whisper-large-v3-turbo', 11_111_111, true],
    ['mistral', 'voxtral-mini-2602', 50_000_000, false],
  ])('charges %s/%s by the second', (providerId, model, audioSecond, rounded) => {
    const price = mustImport(providerId, model);
    expect(price).toMatchObject({ units: { audioSecond }, rounded });
    const usage = { ...NO_USAGE, uncounted: true, units: { audioSecond: 3600 } };
    expect(costNanoUsd(usage, price)).toBe(Math.round((audioSecond * 3600) / 1000));
  });

  it('knows what a search of files costs', () => {
    expect(mustImport('openai', 'gpt-4.1').units).toEqual({ fileSearch: 2_500_000_000 });
  });

  it('keeps the stated decimals as integers', () => {
    expect(mustImport('openai', 'gpt-4o-mini')).toMatchObject({
      source: 'imported',
      sourceVersion: PRICE_DATA_VERSION,
      rounded: false,
      rates: { inputUncached: 150_000, cacheRead: 75_000, outputText: 600_000 },
      webSearchNanoUsd: 10_000_000,
    });
  });

  it('has every rate of a tier, also of buckets that do not change', () => {
    expect(mustImport('anthropic', 'claude-sonnet-4-5').tiers).toEqual([
      {
        aboveInputTokens: 200_000,
        rates: {
          inputUncached: 6_000_000,
          cacheRead: 600_000,
          cacheWrite: 7_500_000,
          cacheWrite1h: 12_000_000,
          inputAudio: 6_000_000,
          inputImage: 6_000_000,
          outputText: 22_500_000,
          outputReasoning: 22_500_000,
          outputAudio: 22_500_000,
          outputImage: 22_500_000,
        },
      },
    ]);
  });

  it('says since when a dated price holds', () => {
    expect(
      mustImport('deepseek', 'deepseek-v4-flash', new Date('2026-08-18T12:00:00Z')),
    ).toMatchObject({
      effectiveFrom: '2026-08-17',
      rates: { inputUncached: 220_000 },
    });
  });

  it('says when a price had to be rounded to a pico-USD', () => {
    const price = mustImport('openrouter', 'google/gemini-2.5-flash-lite');
    expect(price.rounded).toBe(true);
    expect(price.rates.cacheWrite).toBe(83_333);
  });

  it.each([
    ['openai', 'moderation'],
    ['mistral', 'mistral-ocr-2512'],
    ['openai', 'no-such-model'],
    ['openai', ''],
    ['openai', 'gpt-4o'.repeat(100)],
    ['nobody', 'gpt-4o'],
  ])('leaves %s/%s without a price', (providerId, model) => {
    expect(imported(providerId, model)).toBeUndefined();
  });

  it('leaves output without a price where only input has one', () => {
    const price = mustImport('openai', 'text-embedding-3-small');
    expect(price.rates).toMatchObject({ inputUncached: 20_000, outputText: null });
  });

  it('reads all of the data, and knows every kind of price in it', async () => {
    const providers = await waitForUpdate();
    const kinds = new Set<string>();
    for (const { models } of providers ?? []) {
      for (const model of models) {
        const stated = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
        for (const { prices } of stated) Object.keys(prices).forEach((kind) => kinds.add(kind));
        expect(importPrices(model).length).toBe(stated.length);
      }
    }
    // From `audio_hours` on they are measured in what `TokenUsage` does not count.
    const kindsOfToday =
      'input_mtok cache_read_mtok cache_write_mtok cache_write_1h_mtok input_audio_mtok ' +
      'input_image_mtok output_mtok output_reasoning_mtok output_audio_mtok requests_kcount ' +
      'web_searches_kcount ' +
      'audio_hours input_audio_hours cache_audio_read_mtok cache_image_read_mtok ' +
      'input_video_mtok output_video_mtok output_image_mtok output_citation_mtok ' +
      'input_document_kpages input_annotated_document_kpages input_text_messages_kcount ' +
      'storage_searches_kcount';
    expect([...kinds].sort()).toEqual(kindsOfToday.split(' ').sort());
  });
});

describe(findDataProvider.name, () => {
  it.each(['groq', 'mistral', 'together', 'fireworks', 'perplexity'])(
    'knows the preset %s without an address',
    (preset) => {
      const endpoint = { type: 'openai-compatible', baseUrl: '', preset };
      expect(findDataProvider(endpoint)).toBe(preset);
      expect(findDataProvider({ ...endpoint, preset: undefined })).toBeUndefined();
    },
  );

  it.each([
    ['openai', 'https://api.openai.com/v1', 'openai'],
    ['openai', 'http://127.0.0.1:4000/v1', 'openai'],
    ['anthropic', 'https://api.anthropic.com', 'anthropic'],
    ['gemini', 'https://generativelanguage.googleapis.com', 'google'],
    ['xai', 'https://api.x.ai/v1', 'x-ai'],
    ['azure', 'https://example.openai.azure.com', 'azure'],
    ['openai-compatible', 'https://api.groq.com/openai/v1', 'groq'],
    ['openai-compatible', 'https://api.mistral.ai/v1', 'mistral'],
    ['openai-compatible', 'https://api.together.xyz/v1', 'together'],
    ['openai-compatible', 'http://127.0.0.1:8000/v1', undefined],
    ['ollama', 'http://127.0.0.1:11434', undefined],
    ['simulated', '', undefined],
  ])('%s at %s pays the prices of %s', (type, baseUrl, providerId) => {
    expect(findDataProvider({ type, baseUrl })).toBe(providerId);
  });
});

describe(listModelInfos.name, () => {
  it('lists what can be called by its id and is still offered', () => {
    const ids = listModelInfos('openai').map((model) => model.id);
    expect(ids).toContain('gpt-4o-mini');
    expect(ids).not.toContain('ft:gpt-4o');
    expect(listModelInfos('x-ai').map((model) => model.id)).not.toContain('grok-2-1212');
    expect(listModelInfos('nobody')).toEqual([]);
  });
});
