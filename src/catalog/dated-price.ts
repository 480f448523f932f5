import type { Price } from './price.js';

/** A price and when it holds; all conditions that it has must be met. */
export interface DatedPrice {
  /** Milliseconds since the epoch. */
  readonly from?: number;
  /** Likewise, exclusive. */
  readonly to?: number;
  /** Seconds after midnight UTC; `end` is exclusive and may be before `start`. */
  readonly daily?: { readonly start: number; readonly end: number };
  /** Undefined when the source lists the model without a price that can be charged. */
  readonly price: Price | undefined;
}

/** Of the prices that hold at `at` the last one. */
export function findHolding(prices: readonly DatedPrice[], at: Date): DatedPrice | undefined {
  return prices.findLast((candidate) => holdsAt(candidate, at.getTime()));
}

function holdsAt({ from = -Infinity, to = Infinity, daily }: DatedPrice, at: number): boolean {
  if (at < from || at >= to) return false;
  if (daily === undefined) return true;
  const second = (at / 1000) % 86_400;
  const { start, end } = daily;
  return end < start ? second >= start || second < end : second >= start && second < end;
}
