const NANO_DIGITS = 9;

/** Whole nano-USD as a decimal of USD, exactly: 1500 is `0.0000015`. */
export function formatUsd(nanoUsd: number | bigint): string {
  const negative = nanoUsd < 0;
  const digits = String(negative ? -nanoUsd : nanoUsd).padStart(NANO_DIGITS + 1, '0');
  const whole = digits.slice(0, -NANO_DIGITS);
  const fraction = digits.slice(-NANO_DIGITS).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
