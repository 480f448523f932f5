import { numberFormat } from './kept-format';

const NANO_PER_USD = 1_000_000_000n;
/** From a hundredth of a cent on, more digits say nothing to people. */
const FEWEST_DIGITS = 2;
const MOST_DIGITS = 9;
const SIGNIFICANT_SMALL = 3;

/**
 * Whole nano-USD as people read money: `$1,234.50`, `$0.00042`. Exact up to the last shown digit;
 * no floating point on the way.
 */
export function formatMoney(nanoUsd: string, language: string): string {
  const digits = digitsOf(BigInt(nanoUsd));
  const format = numberFormat(language, {
    style: 'currency',
    currency: 'USD',
    // `$` everywhere: which dollar it is, everybody here knows.
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: FEWEST_DIGITS,
    maximumFractionDigits: digits,
  });
  return format.format(decimalOf(nanoUsd));
}

/** All nine digits, for a tooltip or a file. */
export function exactMoney(nanoUsd: string): string {
  return `${decimalOf(nanoUsd)} USD`;
}

/** Adds amounts without losing a nano-dollar. */
export function sumMoney(amounts: Iterable<string>): string {
  let sum = 0n;
  for (const amount of amounts) sum += BigInt(amount);
  return sum.toString();
}

function decimalOf(nanoUsd: string): Intl.StringNumericLiteral {
  const amount = BigInt(nanoUsd);
  const size = amount < 0n ? -amount : amount;
  const fraction = (size % NANO_PER_USD).toString().padStart(MOST_DIGITS, '0');
  const text = `${amount < 0n ? '-' : ''}${size / NANO_PER_USD}.${fraction}`;
  return text as Intl.StringNumericLiteral;
}

/** Small amounts show their first three digits, whatever those are worth. */
function digitsOf(amount: bigint): number {
  const size = amount < 0n ? -amount : amount;
  if (size === 0n || size >= NANO_PER_USD) return FEWEST_DIGITS;
  const leadingZeros = MOST_DIGITS - size.toString().length;
  return Math.min(MOST_DIGITS, Math.max(FEWEST_DIGITS, leadingZeros + SIGNIFICANT_SMALL));
}
