import type { LabelValues, Reading } from './figure.js';

/** What is added up under one combination of labels. Whole numbers stay exact up to 2^53. */
export interface Sum {
  value: number;
}

/** The sums of one counter. Adding is an assignment, so that a request can afford many of them. */
export class Sums<Label extends string> {
  readonly #sums = new Map<string, Reading<Label> & Sum>();

  constructor(private readonly labels: readonly Label[]) {}

  /** The one sum of these values, which are in the order of the labels; worth keeping where it is used often. */
  of(...values: readonly string[]): Sum {
    const key = values.length === 1 ? (values[0] as string) : values.join('\n');
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const entries = this.labels.map((label, index) => [label, values[index]]);
    const sum = { labels: Object.fromEntries(entries) as LabelValues<Label>, value: 0 };
    this.#sums.set(key, sum);
    return sum;
  }

  readings(): Iterable<Reading<Label>> {
    return this.#sums.values();
  }
}
