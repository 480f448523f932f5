import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ModelAddress } from '../catalog/model-address.js';
import { Catalog } from '../catalog/catalog.service.js';
import type { Price } from '../catalog/price.js';
import type { AppliedPrice } from './applied-price.js';

/** A price as it is kept: an entry names it, so that its cost can be followed years later. */
export interface PriceRecord {
  readonly id: string;
  /** The whole price, as JSON. */
  readonly price: string;
}

const ID_LENGTH = 16;

/**
 * The prices that entries refer to. Each is stored once, with the first entry that it was applied
 * to: written into every row, it would be the larger part of the ledger.
 */
@Injectable()
export class PriceRecords {
  readonly #ids = new WeakMap<Price, string>();
  readonly #unsaved = new Map<string, PriceRecord>();
  readonly #saved = new Set<string>();

  constructor(private readonly catalog: Catalog) {}

  /** The price of a model at a moment, as an entry refers to it; undefined when it is unpriced. */
  applied(address: ModelAddress, at?: Date): AppliedPrice | undefined {
    const price = this.catalog.findPrice(address, at);
    return price === undefined ? undefined : { id: this.#idOf(price), price };
  }

  /** The same for the same price, in every process. */
  #idOf(price: Price): string {
    const known = this.#ids.get(price);
    if (known !== undefined) return known;
    const text = JSON.stringify(price);
    const id = createHash('sha256').update(text).digest('base64url').slice(0, ID_LENGTH);
    this.#ids.set(price, id);
    if (!this.#saved.has(id)) this.#unsaved.set(id, { id, price: text });
    return id;
  }

  /** Those of `ids` that are not known to be stored; each once. */
  unsavedOf(ids: Iterable<string | null>): PriceRecord[] {
    if (this.#unsaved.size === 0) return [];
    const records = new Set<PriceRecord>();
    for (const id of ids) {
      const record = id === null ? undefined : this.#unsaved.get(id);
      if (record !== undefined) records.add(record);
    }
    return [...records];
  }

  markSaved(id: string | null): void {
    if (id !== null && this.#unsaved.delete(id)) this.#saved.add(id);
  }
}
