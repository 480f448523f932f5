import { describe, expect, it } from 'vitest';
import { exactMoney, formatMoney, sumMoney } from './money';

describe('formatMoney', () => {
  it.each([
    ['0', '$0.00'],
    ['1', '$0.000000001'],
    ['420', '$0.00000042'],
    ['4200000', '$0.0042'],
    ['123456789', '$0.123'],
    ['5000000000', '$5.00'],
    ['1234567890123', '$1,234.57'],
    // A number would have lost the last digits of it.
    ['9007199254740993000000000', '$9,007,199,254,740,993.00'],
    ['-4200000', '-$0.0042'],
  ])('shows %s nano-USD as %s', (nanoUsd, shown) => {
    expect(formatMoney(nanoUsd, 'en')).toBe(shown);
  });
});

it('keeps every digit for whoever asks', () => {
  expect(exactMoney('1234567890123')).toBe('1234.567890123 USD');
  expect(sumMoney(['9007199254740993', '1', '-2'])).toBe('9007199254740992');
});
