import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceFormatError, scaleDecimal, scaleDecimalExactly } from './decimal.js';

describe(scaleDecimal.name, () => {
  it.each([
    ['0.15', 150_000, true],
    [0.15, 150_000, true],
    [0, 0, true],
    ['10', 10_000_000, true],
    [1e-7, 0, false],
    ['5e-7', 1, false],
    [2.5e-6, 3, false],
    ['1.5E+1', 15_000_000, true],
    ['0.000001', 1, true],
    ['0.0000010', 1, true],
    ['0.0000014999', 1, false],
    [0.18000000000000002, 180_000, false],
    [0.08333333333333334, 83_333, false],
    [' 3 ', 3_000_000, true],
    [0.1 + 0.2, 300_000, false],
  ])('reads %s as %i millionths', (decimal, units, exact) => {
    expect(scaleDecimal(decimal, 6)).toEqual({ units, exact });
  });

  it.each(['', '-1', '1,5', '.5', '5.', '0x10', 'NaN', '1e999', Number.NaN, Infinity, -0.1, '1 2'])(
    'refuses %s',
    (decimal) => {
      expect(() => scaleDecimal(decimal, 6)).toThrow(PriceFormatError);
    },
  );

  it('refuses what is no safe integer any more', () => {
    expect(scaleDecimal('9007199254.740991', 6).units).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => scaleDecimal('9007199254.740992', 6)).toThrow(PriceFormatError);
    expect(() => scaleDecimal('1e99', 6)).toThrow(PriceFormatError);
  });

  it('agrees with rational arithmetic, however the number is written', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 14n });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 14 }), (value, places) => {
        const text = value.toString().padStart(places + 1, '0');
        const whole = text.slice(0, text.length - places);
        const decimal = places === 0 ? whole : `${whole}.${text.slice(-places)}`;
        const divisor = 10n ** BigInt(places);
        const halfUp = (2n * value * 1000n + divisor) / (2n * divisor);
        fc.pre(halfUp <= BigInt(Number.MAX_SAFE_INTEGER));
        const expected = { units: Number(halfUp), exact: (value * 1000n) % divisor === 0n };
        expect(scaleDecimal(decimal, 3)).toEqual(expected);
        expect(scaleDecimal(`${value}e-${places}`, 3)).toEqual(expected);
      }),
    );
  });
});

describe(scaleDecimalExactly.name, () => {
  it('refuses what it would have to round', () => {
    expect(scaleDecimalExactly(0.075, 6)).toBe(75_000);
    expect(() => scaleDecimalExactly('0.0000001', 6)).toThrow(PriceFormatError);
  });
});
