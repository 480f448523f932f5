import { describe, expect, it } from 'vitest';
import type { RelayedEndpoint } from '../../contract/relay.js';
import { NO_USAGE, type TokenUsage } from '../../contract/token-usage.js';
import { convertRelayUsage } from './convert-relay-usage.js';

describe(convertRelayUsage.name, () => {
  it.each<[string, RelayedEndpoint, object, Partial<TokenUsage>]>([
    [
      'pictures',
      'images/generations',
      {
        input_tokens: 50,
        input_tokens_details: { text_tokens: 10, image_tokens: 40 },
        output_tokens: 4160,
        total_tokens: 4210,
      },
      { inputUncached: 10, inputImage: 40, outputImage: 4160 },
    ],
    [
      'pictures and text',
      'images/edits',
      {
        input_tokens: 9,
        output_tokens: 100,
        output_tokens_details: { image_tokens: 80, text_tokens: 20 },
      },
      { inputUncached: 9, outputText: 20, outputImage: 80 },
    ],
    [
      'a transcript in tokens',
      'audio/transcriptions',
      {
        type: 'tokens',
        input_tokens: 14,
        input_token_details: { text_tokens: 0, audio_tokens: 14 },
        output_tokens: 45,
        total_tokens: 59,
      },
      { inputAudio: 14, outputText: 45 },
    ],
    [
      'a transcript in seconds',
      'audio/transcriptions',
      { type: 'duration', seconds: 37 },
      { uncounted: true, units: { audioSecond: 37 } },
    ],
    [
      'a transcript by Mistral',
      'audio/transcriptions',
      {
        prompt_audio_seconds: 36,
        prompt_tokens: 13,
        completion_tokens: 151,
        total_tokens: 164,
        request_count: 1,
      },
      { inputUncached: 13, outputText: 151, units: { audioSecond: 36 } },
    ],
    [
      'speech',
      'audio/speech',
      { input_tokens: 14, output_tokens: 101 },
      { inputUncached: 14, outputAudio: 101 },
    ],
    [
      'a search by Cohere',
      'rerank',
      { api_version: {}, billed_units: { search_units: 1 }, tokens: { input_tokens: 9 } },
      { uncounted: true, units: { search: 1 } },
    ],
    [
      'a search in tokens',
      'rerank',
      { tokens: { input_tokens: 9, output_tokens: 0 } },
      { inputUncached: 9 },
    ],
    ['a search by Jina', 'rerank', { total_tokens: 26 }, { inputUncached: 26 }],
    [
      'what xAI charges',
      'images/generations',
      { cost_in_usd_ticks: 200_000_000 },
      { uncounted: true, providerCostNanoUsd: 20_000_000 },
    ],
    [
      'details beyond the whole',
      'images/edits',
      { input_tokens: 5, input_tokens_details: { image_tokens: 9 } },
      { inputImage: 5 },
    ],
  ])('reads the use of %s', (_, endpoint, raw, expected) => {
    expect(convertRelayUsage(raw, endpoint)).toEqual({ ...NO_USAGE, ...expected, raw });
  });

  it('has what an answer shows, where the vendor does not say it', () => {
    const uncounted = { ...NO_USAGE, uncounted: true };
    expect(convertRelayUsage(undefined, 'images/generations', { image: 2 })).toEqual({
      ...uncounted,
      units: { image: 2 },
    });
    const told = { type: 'duration', seconds: 37 };
    expect(convertRelayUsage(told, 'audio/transcriptions', { audioSecond: 40 })).toEqual({
      ...uncounted,
      units: { audioSecond: 37 },
      raw: told,
    });
  });

  it('says nothing where the vendor does', () => {
    expect(convertRelayUsage(undefined, 'rerank')).toBeUndefined();
    expect(convertRelayUsage(null, 'rerank')).toBeUndefined();
  });
});
