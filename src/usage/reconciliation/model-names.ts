import { addMeasures, NOTHING_TOLD, type Measures } from './measures.js';

/** `-2024-07-18` or `-20250514` at the end of a vendor's id. */
const DATE = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * The name under which a model is compared. The ledger has the id that was asked for, the vendor
 * the dated one that it stands for: where the ledger has an undated id, dated ones count as it.
 */
export function modelNamer(booked: readonly string[]): (model: string) => string {
  const known = new Set(booked);
  return (model) => {
    const undated = model.replace(DATE, '');
    return known.has(undated) ? undated : model;
  };
}

/** Sums by name, in the order in which the names come. */
export function fold<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  measuresOf: (item: Item) => Measures,
): Map<string, Measures> {
  const sums = new Map<string, Measures>();
  for (const item of items) {
    const name = nameOf(item);
    sums.set(name, addMeasures(sums.get(name) ?? NOTHING_TOLD, measuresOf(item)));
  }
  return sums;
}
