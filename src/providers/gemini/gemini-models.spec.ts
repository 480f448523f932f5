import { describe, expect, it } from 'vitest';
import { findGeminiFamily } from './gemini-models.js';

describe(findGeminiFamily, () => {
  it.each([
    ['gemma-3-27b-it', 'none', false, false],
    ['gemini-1.5-pro', 'none', false, false],
    ['gemini-2.0-flash-lite-001', 'none', false, false],
    ['gemini-2.5-flash-image', 'none', false, false],
    ['gemini-2.5-flash-lite', 'budget 512', false, false],
    ['gemini-2.5-flash-preview-09-2025', 'budget 1', false, false],
    ['gemini-2.5-pro', 'budget 128', false, false],
    ['gemini-3-pro-preview', 'low high', true, false],
    ['gemini-3-pro-image-preview', 'high', false, false],
    ['gemini-3.1-pro-preview-customtools', 'low medium high', true, false],
    ['gemini-3-flash-preview', 'minimal low medium high', true, false],
    ['gemini-3.1-flash-lite', 'minimal low medium high', true, false],
    ['gemini-3.5-flash', 'minimal low medium high', true, false],
    ['gemini-3.5-flash-lite', 'minimal low medium high', true, true],
    ['gemini-3.6-flash', 'minimal low medium high', true, true],
    ['models/gemini-3.8-flash', 'low medium high', true, true],
    ['gemini-4-argon', 'low medium high', true, true],
    ['gemini-flash-latest', 'low medium high', true, false],
  ])('%s', (model, expected, requiresSignatures, hasFixedSampling) => {
    const family = findGeminiFamily(model);
    const { thinking } = family;
    const described =
      thinking.by === 'budget'
        ? `budget ${thinking.min}`
        : thinking.by === 'level'
          ? thinking.levels.join(' ')
          : 'none';
    expect(described).toBe(expected);
    expect(family).toMatchObject({ requiresSignatures, hasFixedSampling });
  });
});
