const NANO_PER_USD = 1_000_000_000n;

/** An amount for people, with every digit that is not zero: `$1.2345`. */
export function formatNanoUsd(nanoUsd: bigint | number): string {
  const amount = BigInt(nanoUsd);
  const size = amount < 0n ? -amount : amount;
  const fraction = String(size % NANO_PER_USD)
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${amount < 0n ? '-' : ''}$${size / NANO_PER_USD}.${fraction}`;
}
