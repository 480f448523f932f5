import { describe, expect, it } from 'vitest';
import { formatUsd } from './format-usd.js';

describe(formatUsd.name, () => {
  it.each([
    [0, '0'],
    [1, '0.000000001'],
    [1500, '0.0000015'],
    [1_000_000_000, '1'],
    [12_345_678_900, '12.3456789'],
    [-1500, '-0.0000015'],
    [9_007_199_254_740_993n, '9007199.254740993'],
  ])('writes %s nano-USD as %s', (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });
});
