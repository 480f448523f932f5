import { describe, expect, it } from 'vitest';
import { namesOf, weightedTarget } from '../../../test/support/weighted-target.js';
import { convertPriceOverride } from '../../catalog/price-override.js';
import { cheapest } from './cheapest.js';

/** By input, output. */
const prices = new Map([
  ['a', convertPriceOverride({ model: 'a/m', input: '1', output: '10' }).price],
  ['b', convertPriceOverride({ model: 'b/m', input: '4', output: '4' }).price],
  ['c', convertPriceOverride({ model: 'c/m', input: '0', output: '0' }).price],
]);

function order(names: string, inputTokens: number, maxOutputTokens?: number): string {
  return namesOf(
    cheapest(
      [...names].map((name) => weightedTarget(name)),
      { priceOf: ({ instance }) => prices.get(instance.name), inputTokens, maxOutputTokens },
    ),
  );
}

describe(cheapest, () => {
  it('goes by what this very request may cost', () => {
    expect(order('ba', 10_000, 10)).toBe('ab');
    expect(order('ab', 10, 10_000)).toBe('ba');
    expect(order('abc', 10, 10)).toBe('cba');
  });

  it('has an answer of ordinary length in mind where the request sets no bound', () => {
    expect(order('ab', 10)).toBe('ba');
    expect(order('ba', 5_000)).toBe('ab');
  });

  it('does not take a model without a price for free', () => {
    expect(order('xab', 10, 10_000)).toBe('bax');
  });

  it('takes a cost beyond all bounds for the highest', () => {
    expect(order('ab', 10, Number.MAX_SAFE_INTEGER)).toBe('ab');
  });
});
