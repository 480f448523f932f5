import { describe, expect, it } from 'vitest';
import { findModelFamily } from './anthropic-models.js';

describe(findModelFamily, () => {
  it.each([
    ['claude-opus-5', 128_000, 'adaptive', 'fixed', true],
    ['claude-sonnet-5-20260601', 128_000, 'adaptive', 'fixed', true],
    ['claude-fable-5', 128_000, 'adaptive', 'fixed', true],
    ['claude-opus-4-8', 128_000, 'adaptive', 'fixed', true],
    ['claude-opus-4-7', 128_000, 'adaptive', 'fixed', true],
    ['claude-opus-4-6', 128_000, 'adaptive', 'exclusive', true],
    ['claude-sonnet-4-6', 128_000, 'adaptive', 'exclusive', true],
    ['claude-sonnet-4-5-20250929', 64_000, 'manual', 'exclusive', true],
    ['claude-haiku-4-5', 64_000, 'manual', 'exclusive', true],
    ['claude-opus-4-1-20250805', 32_000, 'manual', 'exclusive', false],
    ['claude-opus-4-20250514', 32_000, 'manual', 'exclusive', false],
    ['claude-opus-4-0', 32_000, 'manual', 'exclusive', false],
    ['claude-sonnet-4-20250514', 64_000, 'manual', 'exclusive', false],
    ['claude-3-7-sonnet-latest', 64_000, 'manual', 'free', false],
    ['claude-3-5-haiku-20241022', 8192, 'none', 'free', false],
    ['claude-3-haiku-20240307', 4096, 'none', 'free', false],
    ['claude-unheard-of-9', 64_000, 'adaptive', 'fixed', true],
    ['glm-5', 4096, 'none', 'free', false],
  ])('%s', (model, maxOutputTokens, thinking, sampling, structuredOutput) => {
    expect(findModelFamily(model)).toMatchObject({
      maxOutputTokens,
      thinking,
      sampling,
      structuredOutput,
    });
  });
});
