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
  readonly #known = new Set<string>();

  labelOf({ provider, model, status, priceId }: LabelledEntry): string {
    const name = `${provider}/${model}`;
    if (this.#known.has(name)) return model;
    const isReal = status === 'ok' || priceId !== null;
    if (!isReal || this.#known.size >= MOST_LABELS) return OTHER_MODELS;
    this.#known.add(name);
    return model;
  }
}

export type LabelledEntry = Pick<UsageEntry, 'provider' | 'model' | 'status' | 'priceId'>;
