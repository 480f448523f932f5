import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import countEach, { countTokensInSlices } from './token-worker.js';

const PROSE = 'Seven ships left the harbour before anybody had counted the crew. ';

describe(countTokensInSlices.name, () => {
  it.each(['', 'Hello', PROSE, PROSE.repeat(20)])('counts a text of one slice as it is', (text) => {
    expect(countTokensInSlices(text)).toBe(countTokens(text));
  });

  it('cuts between words, so that slices add up to the whole', () => {
    const text = PROSE.repeat(2000);
    expect(countTokensInSlices(text)).toBe(countTokens(text));
  });

  it('takes a word of any length in slices', () => {
    expect(countTokensInSlices('a'.repeat(65_536))).toBe(32 * countTokens('a'.repeat(2048)));
  });

  it.each([2046, 2047, 2048])('cuts no character in two: after %i others', (before) => {
    const text = 'a'.repeat(before) + '😀'.repeat(4);
    const halves = countTokensInSlices('a'.repeat(before)) + countTokens('😀'.repeat(4));
    expect(Math.abs(countTokensInSlices(text) - halves)).toBeLessThanOrEqual(2);
  });

  it('takes the name of a special token for the text that it is', () => {
    expect(countTokensInSlices('<|endoftext|>')).toBeGreaterThan(1);
  });
});

describe(countEach.name, () => {
  it('adds up the pieces of each list', () => {
    expect(countEach([['Hello', ' world'], [], ['Hello']])).toEqual([2, 0, 1]);
  });
});
