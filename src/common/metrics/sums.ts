import type { LabelValues, Reading } from './figure.js';
import { LabelTree } from './label-tree.js';

/** What is added up under one combination of labels. Whole numbers stay exact up to 2^53. */
export interface Sum {
  value: number;
}

/** The sums of one counter. Adding is an assignment, so that a request can afford many of them. */
export class Sums<Label extends string> {
  readonly #tree = new LabelTree<Sum>();
  readonly #readings: (Reading<Label> & Sum)[] = [];

  constructor(private readonly labels: readonly Label[]) {}

  /** The one sum of these values, which are in the order of the labels; worth keeping where it is used often. */
  of(...values: readonly string[]): Sum {
    let node = this.#tree;
    for (const value of values) node = node.at(value);
    return (node.value ??= this.#add(values));
  }

  readings(): Iterable<Reading<Label>> {
    return this.#readings;
  }

  #add(values: readonly string[]): Sum {
    const entries = this.labels.map((label, index) => [label, values[index]]);
    const sum = { labels: Object.fromEntries(entries) as LabelValues<Label>, value: 0 };
    this.#readings.push(sum);
    return sum;
  }
}
