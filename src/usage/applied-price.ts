import type { Price } from '../catalog/price.js';

/** A price and the id under which it is kept. */
export interface AppliedPrice {
  readonly id: string;
  readonly price: Price;
}
