import { describe, expect, it } from 'vitest';
import { totalInput, totalOutput } from '../contract/token-usage.js';
import { convertAnthropicUsage, mergeAnthropicUsage } from './convert-anthropic-usage.js';

describe(convertAnthropicUsage, () => {
  const cases: Array<[string, object, object]> = [
    [
      'input and output',
      { input_tokens: 7, output_tokens: 3 },
      { inputUncached: 7, outputText: 3 },
    ],
    [
      'three disjoint kinds of input',
      {
        input_tokens: 500,
        cache_read_input_tokens: 300,
        cache_creation_input_tokens: 200,
        output_tokens: 1,
      },
      { inputUncached: 500, cacheRead: 300, cacheWrite: 200, outputText: 1 },
    ],
    [
      'cache writes by their lifetime',
      {
        input_tokens: 1,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 1,
      },
      { inputUncached: 1, cacheWrite: 10, cacheWrite1h: 20, outputText: 1 },
    ],
    [
      'a split that is older than its sum',
      {
        input_tokens: 0,
        cache_creation_input_tokens: 50,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 1,
      },
      { cacheWrite: 30, cacheWrite1h: 20, outputText: 1 },
    ],
    [
      'thinking inside the output',
      { input_tokens: 1, output_tokens: 10, output_tokens_details: { thinking_tokens: 8 } },
      { inputUncached: 1, outputText: 2, outputReasoning: 8 },
    ],
    [
      'searches',
      {
        input_tokens: 1,
        output_tokens: 1,
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 5 },
      },
      { inputUncached: 1, outputText: 1, webSearches: 2 },
    ],
    [
      'what compaction cost, which the top level leaves out',
      {
        input_tokens: 600,
        output_tokens: 10,
        iterations: [
          { type: 'compaction', input_tokens: 60_000, output_tokens: 200 },
          { type: 'message', input_tokens: 600, output_tokens: 10, cache_read_input_tokens: 4 },
        ],
      },
      { inputUncached: 60_600, cacheRead: 4, outputText: 210 },
    ],
    [
      'an adviser apart, whose tokens have another price',
      {
        input_tokens: 30,
        output_tokens: 7,
        iterations: [
          { type: 'message', input_tokens: 10, output_tokens: 3 },
          { type: 'advisor_message', model: 'other', input_tokens: 99, output_tokens: 99 },
          { type: 'message', input_tokens: 20, output_tokens: 4 },
        ],
      },
      { inputUncached: 30, outputText: 7 },
    ],
    [
      'the top level after a fallback',
      {
        input_tokens: 412,
        output_tokens: 264,
        iterations: [
          { type: 'message', input_tokens: 408, output_tokens: 0 },
          { type: 'fallback_message', input_tokens: 412, output_tokens: 264 },
        ],
      },
      { inputUncached: 412, outputText: 264 },
    ],
  ];

  it.each(cases)('counts %s', (_name, raw, expected) => {
    expect(convertAnthropicUsage(raw)).toEqual({
      inputUncached: 0,
      cacheRead: 0,
      cacheWrite: 0,
      cacheWrite1h: 0,
      inputAudio: 0,
      inputImage: 0,
      outputText: 0,
      outputReasoning: 0,
      outputAudio: 0,
      outputImage: 0,
      webSearches: 0,
      estimated: false,
      raw,
      ...expected,
    });
  });

  it('keeps the sums of the vendor', () => {
    const raw = {
      input_tokens: 11,
      cache_creation_input_tokens: 22,
      cache_read_input_tokens: 33,
      cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 20 },
      output_tokens: 44,
      output_tokens_details: { thinking_tokens: 40 },
      service_tier: 'priority',
    };
    const usage = convertAnthropicUsage(raw)!;
    expect(totalInput(usage)).toBe(11 + 22 + 33);
    expect(totalOutput(usage)).toBe(44);
    expect(usage.serviceTier).toBe('priority');
  });

  it('takes a count of zero for a count', () => {
    const usage = convertAnthropicUsage({ input_tokens: 0, output_tokens: 0 });
    expect(usage).toMatchObject({ inputUncached: 0, outputText: 0, estimated: false });
  });

  it.each([undefined, null, 'many', {}, { input_tokens: null, output_tokens: null }])(
    'leaves the estimate to others: %j',
    (raw) => expect(convertAnthropicUsage(raw)).toBeUndefined(),
  );
});

describe(mergeAnthropicUsage, () => {
  it('replaces counts by later ones and keeps the others', () => {
    const start = { input_tokens: 43, output_tokens: 1, cache_read_input_tokens: 5 };
    const delta = { input_tokens: 61, output_tokens: 2, cache_read_input_tokens: null };
    expect(mergeAnthropicUsage(start, delta)).toEqual({
      input_tokens: 61,
      output_tokens: 2,
      cache_read_input_tokens: 5,
    });
    expect(mergeAnthropicUsage(start, undefined)).toEqual(start);
  });
});
