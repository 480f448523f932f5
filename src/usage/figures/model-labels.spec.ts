import { describe, expect, it } from 'vitest';
import { ModelLabels, OTHER_MODELS, type LabelledEntry } from './model-labels.js';

const entry = (model: string, rest: Partial<LabelledEntry> = {}): LabelledEntry => ({
  provider: 'vendor',
  model,
  status: 'error',
  priceId: null,
  ...rest,
});

describe(ModelLabels.name, () => {
  it('names a model that has a price or has answered, from then on', () => {
    const sut = new ModelLabels();
    expect(sut.labelOf(entry('one'))).toBe(OTHER_MODELS);
    expect(sut.labelOf(entry('one', { status: 'ok' }))).toBe('one');
    expect(sut.labelOf(entry('one'))).toBe('one');
    expect(sut.labelOf(entry('two', { priceId: 'price' }))).toBe('two');
    expect(sut.labelOf(entry('one', { provider: 'elsewhere' }))).toBe(OTHER_MODELS);
  });

  it('names 500 at most, over all providers, and keeps those', () => {
    const sut = new ModelLabels();
    const labels = Array.from({ length: 600 }, (_, index) =>
      sut.labelOf(entry(`model-${index}`, { status: 'ok', provider: `vendor-${index % 3}` })),
    );
    expect(labels.filter((label) => label !== OTHER_MODELS)).toHaveLength(500);
    expect(sut.labelOf(entry('model-0', { provider: 'vendor-0' }))).toBe('model-0');
  });
});
