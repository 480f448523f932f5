import { describe, expect, it } from 'vitest';
import { totalInput, totalOutput } from '../contract/token-usage.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';

const modality = (name: string, tokenCount: number) => ({ modality: name, tokenCount });

describe(convertGeminiUsage, () => {
  it.each([
    [
      'thoughts outside of the candidates',
      {
        promptTokenCount: 9,
        candidatesTokenCount: 23,
        thoughtsTokenCount: 302,
        totalTokenCount: 334,
      },
      { inputUncached: 9, outputText: 23, outputReasoning: 302 },
    ],
    [
      'cached tokens inside of the prompt',
      {
        promptTokenCount: 1000,
        cachedContentTokenCount: 300,
        candidatesTokenCount: 5,
        totalTokenCount: 1005,
      },
      { inputUncached: 700, cacheRead: 300, outputText: 5 },
    ],
    [
      'prompts of server-side tools outside of the prompt',
      {
        promptTokenCount: 10,
        toolUsePromptTokenCount: 40,
        candidatesTokenCount: 5,
        totalTokenCount: 55,
      },
      { inputUncached: 50, outputText: 5 },
    ],
    [
      'modalities as parts of the totals, without what was cached of them',
      {
        promptTokenCount: 100,
        cachedContentTokenCount: 30,
        candidatesTokenCount: 20,
        totalTokenCount: 120,
        promptTokensDetails: [modality('TEXT', 40), modality('AUDIO', 25), modality('IMAGE', 35)],
        cacheTokensDetails: [modality('AUDIO', 5), modality('TEXT', 25)],
        candidatesTokensDetails: [modality('AUDIO', 12), modality('TEXT', 8)],
      },
      {
        inputUncached: 15,
        cacheRead: 30,
        inputAudio: 20,
        inputImage: 35,
        outputText: 8,
        outputAudio: 12,
      },
    ],
    [
      'a blocked prompt',
      { promptTokenCount: 12, totalTokenCount: 12 },
      { inputUncached: 12, outputText: 0 },
    ],
    [
      'candidates that only the total shows',
      { promptTokenCount: 12, thoughtsTokenCount: 3, totalTokenCount: 20 },
      { inputUncached: 12, outputText: 5, outputReasoning: 3 },
    ],
  ])('sorts %s, and the sums are the total', (_name, raw, buckets) => {
    const usage = convertGeminiUsage(raw)!;
    expect(usage).toMatchObject({ ...buckets, cacheWrite: 0, estimated: false });
    expect(totalInput(usage) + totalOutput(usage)).toBe(raw.totalTokenCount);
    expect(usage.raw).toBe(raw);
  });

  it.each([undefined, null, 'many', {}, { trafficType: 'ON_DEMAND' }, { promptTokenCount: -1 }])(
    'finds no counts in %j',
    (raw) => {
      expect(convertGeminiUsage(raw)).toBeUndefined();
    },
  );

  it('keeps the searches and the tier that was served', () => {
    const raw = { promptTokenCount: 1, totalTokenCount: 1, serviceTier: 'flex' };
    expect(convertGeminiUsage(raw, 2)).toMatchObject({ webSearches: 2, serviceTier: 'flex' });
  });
});
