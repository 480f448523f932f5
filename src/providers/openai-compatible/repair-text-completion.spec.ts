import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { OpenAiChunk } from './openai-api.js';
import { RepairTextChunk, repairTextCompletion } from './repair-text-completion.js';
import { COMPLETION_TEXT } from './scan-chunk.js';
import { ChunkTemplate } from './chunk-template.js';

const TARGET = createTarget(createInstance('https://vendor.example'));
const HEALTHY = {
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1_700_000_000,
  model: 'vendor-model',
  choices: [{ text: 'Hi', index: 0, logprobs: null, finish_reason: 'stop' }],
};
const OPEN = [{ ...HEALTHY.choices[0], finish_reason: null }];

describe(repairTextCompletion, () => {
  it('leaves a healthy answer alone', () => {
    const completion = structuredClone(HEALTHY);
    expect(repairTextCompletion(completion, TARGET)).toBe(false);
    expect(completion).toEqual(HEALTHY);
  });

  it('fills in what is missing', () => {
    const completion: OpenAiChunk = { choices: [{ text: 'a' }, { finish_reason: 'eos' }] };
    expect(repairTextCompletion(completion, TARGET)).toBe(true);
    expect(completion).toEqual({
      id: 'cmpl-request',
      object: 'text_completion',
      created: expect.any(Number),
      model: 'model',
      choices: [
        { text: 'a', index: 0, finish_reason: 'stop' },
        { text: '', index: 1, finish_reason: 'stop' },
      ],
    });
  });

  it.each([
    ['model_length', 'length'],
    ['', 'stop'],
    [null, 'stop'],
    ['content_filter', 'content_filter'],
  ])('tells the finish reason %j as %s', (reason, expected) => {
    const completion = { ...HEALTHY, choices: [{ ...HEALTHY.choices[0], finish_reason: reason }] };
    repairTextCompletion(completion, TARGET);
    expect(completion.choices[0]!.finish_reason).toBe(expected);
  });
});

describe(RepairTextChunk, () => {
  it('leaves healthy chunks alone', () => {
    const sut = new RepairTextChunk(TARGET);
    for (const [index, chunk] of [{ ...HEALTHY, choices: OPEN }, HEALTHY].entries()) {
      const before = structuredClone(chunk);
      // What all chunks have in common is learnt from the first.
      expect(sut.suspects(JSON.stringify(chunk))).toBe(index === 0);
      expect(sut.repair(chunk)).toBe(false);
      expect(chunk).toEqual(before);
    }
    expect(sut.missingEnd()).toBeUndefined();
  });

  it.each([{ id: 'cmpl-2' }, { created: 1_700_000_001 }, { model: 'another' }])(
    'keeps to what the first chunk said: %j',
    (changed) => {
      const sut = new RepairTextChunk(TARGET);
      sut.repair(structuredClone(HEALTHY));
      const chunk = { ...HEALTHY, ...changed };
      expect(sut.suspects(JSON.stringify(chunk))).toBe(true);
      expect(sut.repair(chunk)).toBe(true);
      expect(chunk).toEqual(HEALTHY);
    },
  );

  it('looks at every chunk of a vendor that was careless once', () => {
    const sut = new RepairTextChunk(TARGET);
    const plain = JSON.stringify({ ...HEALTHY, choices: OPEN });
    sut.repair(structuredClone(HEALTHY));
    expect(sut.suspects(plain)).toBe(false);
    expect(sut.repair({ choices: [{ text: 'a' }] })).toBe(true);
    expect(sut.suspects(plain)).toBe(true);
  });

  it.each(['{"choices":[{"index":0}]}', '{"choices":[{"text":"a","finish_reason":""}]}'])(
    'suspects %s',
    (json) => {
      expect(new RepairTextChunk(TARGET).suspects(json)).toBe(true);
    },
  );

  it('ends the choices that the vendor left open', () => {
    const sut = new RepairTextChunk(TARGET);
    sut.repair({ ...HEALTHY, choices: [...OPEN, { ...OPEN[0], index: 1 }] });
    sut.repair(structuredClone(HEALTHY));
    expect(sut.missingEnd()).toEqual({
      ...HEALTHY,
      choices: [{ index: 1, text: '', logprobs: null, finish_reason: 'stop' }],
    });
  });
});

describe('the text of a chunk', () => {
  const json = (text: string, rest: object = {}) =>
    JSON.stringify({ ...HEALTHY, choices: [{ ...OPEN[0], text, ...rest }] });

  it('is counted in every choice', () => {
    const two = JSON.stringify({ ...HEALTHY, choices: [{ text: 'abc' }, { text: 'de' }] });
    expect(COMPLETION_TEXT.countCharacters(two)).toBe(5);
    expect(COMPLETION_TEXT.countCharacters(json('', { logprobs: { tokens: ['text'] } }))).toBe(0);
    expect(COMPLETION_TEXT.countCharacters('{"usage":{}}')).toBe(0);
  });

  it('is all that the chunks of a stream differ in', () => {
    const template = ChunkTemplate.of(json('a'), COMPLETION_TEXT)!;
    expect(template.match(json('b "c"'))).toBe(7);
    expect(template.match(json('b', { index: 1 }))).toBe(-1);
    expect(template.match(json('b', { finish_reason: 'stop' }))).toBe(-1);
  });
});
