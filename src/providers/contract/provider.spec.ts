import { describe, expect, it } from 'vitest';
import { createInstance } from '../../../test/support/provider-fixtures.js';
import { OpenAiCompatibleProvider } from '../openai-compatible/openai-compatible.provider.js';
import { SimulatedProvider } from '../simulated/simulated.provider.js';
import { Upstream } from '../upstream/upstream.js';
import { wantsReasoningBack, type Provider } from './provider.js';

describe(wantsReasoningBack, () => {
  const plain = createInstance('http://127.0.0.1:1');
  const compatible = new OpenAiCompatibleProvider(new Upstream());

  it.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])('is what the type says: %s', (wants, expected) => {
    const provider: Provider = Object.assign(new SimulatedProvider(), {
      ...(wants !== undefined && { wantsReasoningBack: wants }),
    });
    expect(wantsReasoningBack(provider, plain)).toBe(expected);
  });

  it.each([
    [undefined, false],
    ['groq', false],
    ['moonshot', true],
    ['vllm', true],
  ])('depends on the preset of an instance: %s', (preset, expected) => {
    const instance = { ...plain, settings: { ...(preset !== undefined && { preset }) } };
    expect(wantsReasoningBack(compatible, instance)).toBe(expected);
  });
});
