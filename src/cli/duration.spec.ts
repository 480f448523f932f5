import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';

describe(parseDuration.name, () => {
  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
    ['', undefined],
    ['10', undefined],
    ['-1d', undefined],
    ['1.5h', undefined],
    ['1h30m', undefined],
    ['1y', undefined],
    ['9999999d', undefined],
  ])('%s: %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});
