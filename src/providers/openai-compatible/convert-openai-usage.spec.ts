import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, totalInput, totalOutput, type TokenUsage } from '../contract/token-usage.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';

const plain = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };

const table: Array<[string, object, Partial<TokenUsage>]> = [
  ['plain counts', plain, { inputUncached: 100, outputText: 50 }],
  ['no total', { prompt_tokens: 7, completion_tokens: 3 }, { inputUncached: 7, outputText: 3 }],
  ['no prompt', { completion_tokens: 3, total_tokens: 10 }, { inputUncached: 7, outputText: 3 }],
  [
    'cached, written, audio and image inside the prompt',
    {
      ...plain,
      prompt_tokens_details: {
        cached_tokens: 40,
        cache_write_tokens: 20,
        audio_tokens: 10,
        image_tokens: 5,
      },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5 },
    },
    {
      inputUncached: 25,
      cacheRead: 40,
      cacheWrite: 20,
      inputAudio: 10,
      inputImage: 5,
      outputText: 15,
      outputReasoning: 30,
      outputAudio: 5,
    },
  ],
  [
    'details that exceed the prompt together',
    { ...plain, prompt_tokens_details: { cached_tokens: 90, audio_tokens: 90 } },
    { cacheRead: 90, inputAudio: 10, outputText: 50 },
  ],
  [
    'predictions, which are inside the completion',
    {
      ...plain,
      completion_tokens_details: { accepted_prediction_tokens: 20, rejected_prediction_tokens: 10 },
    },
    { inputUncached: 100, outputText: 50 },
  ],
  [
    'reasoning inside, by the total',
    { ...plain, completion_tokens_details: { reasoning_tokens: 45 } },
    { inputUncached: 100, outputText: 5, outputReasoning: 45 },
  ],
  [
    'reasoning beside, by the total',
    {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      prompt_tokens_details: { cached_tokens: 11 },
      completion_tokens_details: { reasoning_tokens: 290 },
      cost_in_usd_ticks: 1_466_250,
    },
    {
      inputUncached: 1,
      cacheRead: 11,
      outputText: 1,
      outputReasoning: 290,
      providerCostNanoUsd: 146_625,
    },
  ],
  [
    'thoughts that only the total knows',
    { prompt_tokens: 7, completion_tokens: 12, total_tokens: 402 },
    { inputUncached: 7, outputText: 12, outputReasoning: 383 },
  ],
  [
    'more reasoning than completion and no total',
    { prompt_tokens: 7, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 9 } },
    { inputUncached: 7, outputText: 2, outputReasoning: 9 },
  ],
  [
    'a total that is too small',
    { prompt_tokens: 7, completion_tokens: 12, total_tokens: 3 },
    { inputUncached: 7, outputText: 12 },
  ],
  [
    'reasoning and citations at the top, beside the completion',
    {
      prompt_tokens: 10,
      completion_tokens: 20,
      total_tokens: 65,
      reasoning_tokens: 30,
      citation_tokens: 5,
      num_search_queries: 2,
      cost: { total_cost: 0.0125 },
    },
    {
      inputUncached: 10,
      outputText: 25,
      outputReasoning: 30,
      webSearches: 2,
      providerCostNanoUsd: 12_500_000,
    },
  ],
  [
    'more cached than prompt: counted beside it',
    { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 30 } },
    { inputUncached: 10, cacheRead: 30, outputText: 5 },
  ],
  [
    'hits and misses in place of a prompt',
    { prompt_cache_hit_tokens: 30, prompt_cache_miss_tokens: 12, completion_tokens: 5 },
    { inputUncached: 12, cacheRead: 30, outputText: 5 },
  ],
  [
    'cached as num_cached_tokens',
    { ...plain, num_cached_tokens: 9 },
    { inputUncached: 91, cacheRead: 9, outputText: 50 },
  ],
  [
    'cached at the top',
    { ...plain, cached_tokens: 9 },
    { inputUncached: 91, cacheRead: 9, outputText: 50 },
  ],
  [
    'cached under a misspelt name',
    { ...plain, prompt_tokens_details: {}, prompt_token_details: { cached_tokens: 9 } },
    { inputUncached: 91, cacheRead: 9, outputText: 50 },
  ],
  [
    'null details',
    { ...plain, prompt_tokens_details: null, completion_tokens_details: null },
    { inputUncached: 100, outputText: 50 },
  ],
  [
    'nonsense',
    {
      ...plain,
      prompt_tokens_details: { cached_tokens: -5, audio_tokens: Number.NaN, image_tokens: '7' },
    },
    { inputUncached: 100, outputText: 50 },
  ],
  [
    'a cost in USD',
    { ...plain, cost: 0.000123 },
    { inputUncached: 100, outputText: 50, providerCostNanoUsd: 123_000 },
  ],
  [
    'a cost with the customer’s own key',
    { ...plain, cost: 0.000001, is_byok: true, cost_details: { upstream_inference_cost: 0.00002 } },
    { inputUncached: 100, outputText: 50, providerCostNanoUsd: 21_000 },
  ],
  [
    'no charge',
    { ...plain, cost: 0 },
    { inputUncached: 100, outputText: 50, providerCostNanoUsd: 0 },
  ],
];

describe(convertOpenAiUsage, () => {
  it.each(table)('%s', (_name, raw, expected) => {
    expect(convertOpenAiUsage(raw)).toEqual({ ...NO_USAGE, ...expected, raw });
  });

  it.each([undefined, null, 'usage', 5, [], {}, { prompt_tokens: 0, completion_tokens: 0 }])(
    'is undefined for %j, which says nothing',
    (raw) => {
      expect(convertOpenAiUsage(raw)).toBeUndefined();
    },
  );

  it('keeps the tier that was served', () => {
    expect(convertOpenAiUsage(plain, 'priority')?.serviceTier).toBe('priority');
    expect(convertOpenAiUsage(plain, null)).not.toHaveProperty('serviceTier');
  });

  it('gives whole, non-negative, disjoint buckets whatever comes', () => {
    const count = fc.oneof(fc.nat(10_000), fc.constantFrom(undefined, null, -1, Number.NaN, '3'));
    const details = fc.record({
      cached_tokens: count,
      cache_write_tokens: count,
      audio_tokens: count,
      image_tokens: count,
      reasoning_tokens: count,
    });
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.nat(10_000),
        details,
        details,
        (prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details) => {
          const usage = convertOpenAiUsage({
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            prompt_tokens_details,
            completion_tokens_details,
          });
          if (!usage) return prompt_tokens + completion_tokens === 0;
          const counts = Object.values(usage).filter((value) => typeof value === 'number');
          expect(counts.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
          const cached = Number(prompt_tokens_details.cached_tokens) || 0;
          if (cached <= prompt_tokens) {
            expect(totalInput(usage)).toBe(prompt_tokens);
            expect(totalOutput(usage)).toBe(completion_tokens);
          }
          return true;
        },
      ),
    );
  });
});
