import type { UsageEntry } from '../usage-entry.js';

/** What models are called that get no label of their own. */
export const OTHER_MODELS = 'other';

const MOST_LABELS = 500;

/**
 * Which models are counted under their name. A provider may be asked for any name a client thinks
 * of, and every label is kept for good: a name counts once it has a price or has answered, up to a
 * number that no installation needs.
 */
export class ModelLabels {
  readonly #known = new Map<string, Set<string>>();
  #size = 0;

  labelOf({ provider, model, status, priceId }: LabelledEntry): string {
    const known = this.#known.get(provider);
    if (known?.has(model) === true) return model;
    const isReal = status === 'ok' || priceId !== null;
    if (!isReal || this.#size >= MOST_LABELS) return OTHER_MODELS;
    this.#size += 1;
    if (known === undefined) this.#known.set(provider, new Set([model]));
    else known.add(model);
    return model;
  }
}

export type LabelledEntry = Pick<UsageEntry, 'provider' | 'model' | 'status' | 'priceId'>;
