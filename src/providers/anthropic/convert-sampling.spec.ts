import { describe, expect, it } from 'vitest';
import {
  ADAPTIVE,
  ADAPTIVE_46,
  MANUAL,
  OLDEST,
  convert,
  convertRest,
  type RequestCase,
} from './anthropic-requests.contract.js';
import { convertSampling } from './convert-sampling.js';

describe(convertSampling, () => {
  it.each([
    [MANUAL, {}, 64_000, ''],
    ['some-model', {}, 4096, ''],
    ['some-model', { max_tokens: 9000 }, 9000, ''],
    [OLDEST, { max_tokens: 32_000 }, 4096, 'max_tokens=approximated'],
    [MANUAL, { max_tokens: 7, max_completion_tokens: 8 }, 8, 'max_completion_tokens=mapped'],
    [
      MANUAL,
      { max_completion_tokens: 1000, reasoning_effort: 'low' },
      7400,
      'reasoning_effort=mapped,max_completion_tokens=approximated',
    ],
    [
      MANUAL,
      { max_tokens: 60_000, reasoning_effort: 'low' },
      64_000,
      'reasoning_effort=mapped,max_tokens=approximated',
    ],
  ])('%s with %j may say %i tokens', (model, fields, expected, report) => {
    const converted = convert(model, fields);
    expect([converted.body.max_tokens, converted.report]).toEqual([expected, report]);
  });

  const sampling: RequestCase[] = [
    [
      OLDEST,
      { temperature: 0.5, top_p: 0.5, top_k: 4 },
      { temperature: 0.5, top_p: 0.5, top_k: 4 },
      '',
    ],
    [MANUAL, { temperature: 1.5 }, { temperature: 1 }, 'temperature=approximated'],
    [MANUAL, { temperature: 0, top_p: 0.5 }, { temperature: 0 }, 'top_p=dropped'],
    [MANUAL, { temperature: 0, top_p: 1 }, { temperature: 0 }, ''],
    [
      ADAPTIVE,
      { temperature: 0, top_p: 0.5, top_k: 4 },
      {},
      'temperature=dropped,top_p=dropped,top_k=dropped',
    ],
    [ADAPTIVE, { temperature: 1 }, { temperature: 1 }, ''],
    [ADAPTIVE, { top_p: 0.99 }, { top_p: 0.99 }, ''],
    [
      ADAPTIVE_46,
      { reasoning_effort: 'low', temperature: 0, top_p: 0.5, top_k: 4 },
      {
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'low' },
        top_p: 0.95,
      },
      'reasoning_effort=mapped,temperature=dropped,top_p=approximated,top_k=dropped',
    ],
    [MANUAL, { stop: 'END' }, { stop_sequences: ['END'] }, 'stop=mapped'],
    [MANUAL, { stop: ['a', '\n', ''] }, { stop_sequences: ['a'] }, 'stop=dropped'],
    [MANUAL, { stop: [] }, {}, ''],
  ];
  it.each(sampling)('samples with %s and %j', (model, fields, sent, report) => {
    expect(convertRest(model, fields)).toEqual([sent, report]);
  });
});

describe('what is paid for', () => {
  it.each<
    [model: string, fields: object, paid: number, tokens: number, thinking: number | undefined]
  >([
    [MANUAL, {}, 9000, 9000, undefined],
    [MANUAL, {}, 100_000, 64_000, undefined],
    [MANUAL, { max_tokens: 300, reasoning_effort: 'low' }, 6700, 6700, 6400],
    [MANUAL, { max_tokens: 300, reasoning_effort: 'low' }, 6699, 6699, 6399],
    [MANUAL, { max_tokens: 300, reasoning_effort: 'high' }, 20_000, 20_000, 19_700],
    [MANUAL, { max_tokens: 300, reasoning_effort: 'low' }, 2048, 2048, 1748],
    [MANUAL, { max_tokens: 300, reasoning_effort: 'low' }, 2047, 300, undefined],
    [MANUAL, { reasoning_effort: 'max' }, 10_000, 10_000, 9000],
    [ADAPTIVE, { max_tokens: 300, reasoning_effort: 'high' }, 300, 300, undefined],
  ])('%s with %j and %i tokens may say %i, %s of them thinking', (model, fields, ...rest) => {
    const [maxOutputTokens, tokens, budget] = rest;
    const { body } = convert(model, fields, { maxOutputTokens });
    const thought = body.thinking?.type === 'enabled' ? body.thinking.budget_tokens : undefined;
    expect([body.max_tokens, thought]).toEqual([tokens, budget]);
  });

  it.each([
    [6700, 'reasoning_effort=mapped,max_tokens=approximated'],
    [6000, 'reasoning_effort=approximated,max_tokens=approximated'],
    [2000, 'reasoning_effort=dropped'],
  ])('is said in the report: %i', (maxOutputTokens, expected) => {
    const fields = { max_tokens: 300, reasoning_effort: 'low' };
    expect(convert(MANUAL, fields, { maxOutputTokens }).report).toBe(expected);
  });
});
