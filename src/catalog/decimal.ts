/** A price that is not a decimal number ≥ 0, is too large, or is finer than can be charged. */
export class PriceFormatError extends Error {
  override readonly name = 'PriceFormatError';
}

export interface ScaledDecimal {
  /** The number times 10^decimals. */
  readonly units: number;
  /** False when digits beyond the last decimal were rounded away, half up. */
  readonly exact: boolean;
}

const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A decimal number as a count of its 10^-decimals, by its digits alone: no float is multiplied.
 * A JavaScript number stands for the shortest decimal that reads back as it, so the 0.15 of a YAML
 * file is 0.15.
 *
 * @throws PriceFormatError when it is no decimal ≥ 0 or its units are no safe integer
 */
export function scaleDecimal(decimal: string | number, decimals: number): ScaledDecimal {
  const match = DECIMAL.exec(String(decimal).trim());
  if (!match) throw new PriceFormatError('expected a decimal number that is not negative');
  const [, whole = '', fraction = '', exponent = '0'] = match;

  const digits = whole + fraction;
  const shift = decimals + Number(exponent) - fraction.length;
  const padded = shift >= 0 ? digits + '0'.repeat(shift) : digits.padStart(1 - shift, '0');
  const cut = shift >= 0 ? padded.length : padded.length + shift;
  const rest = padded.slice(cut);
  const units = Number(BigInt(padded.slice(0, cut)) + (rest >= '5' ? 1n : 0n));
  if (!Number.isSafeInteger(units)) throw new PriceFormatError('the number is too large');
  return { units, exact: /^0*$/.test(rest) };
}

/** As `scaleDecimal`, for numbers that people write: what would be rounded is refused. */
export function scaleDecimalExactly(decimal: string | number, decimals: number): number {
  const { units, exact } = scaleDecimal(decimal, decimals);
  if (!exact) throw new PriceFormatError(`at most ${decimals} decimals can be charged exactly`);
  return units;
}
