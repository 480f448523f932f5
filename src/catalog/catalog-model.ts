import type { ProviderModel } from '../providers/contract/provider.js';
import type { Price } from './price.js';

/** What a model can do, as far as its vendor, its module or the price data says. */
export type ModelFacts = Omit<ProviderModel, 'id' | 'created' | 'ownedBy'>;

/** A model as the lists of the client API and the dashboard show it. */
export interface CatalogModel {
  /** What a caller asks for: the public name, or `instance/model`. */
  readonly id: string;
  /** Of a public name: its first target's. Undefined when that leads nowhere. */
  readonly instance: string | undefined;
  /** The vendor's own id. */
  readonly model: string | undefined;
  /** Unix seconds; 0 when nobody says. */
  readonly created: number;
  readonly ownedBy: string;
  /** The price of the moment; absent when there is none. */
  readonly price?: Price;
  /** Of a public name: its first target's. */
  readonly facts: ModelFacts;
}
