/**
 * Something for each combination of label values, one level for each label: found without making a
 * key of several strings, which would cost more than everything else that is done with it.
 */
export class LabelTree<T> {
  readonly #children = new Map<string, LabelTree<T>>();
  value: T | undefined;

  at(label: string): LabelTree<T> {
    const known = this.#children.get(label);
    if (known !== undefined) return known;
    const child = new LabelTree<T>();
    this.#children.set(label, child);
    return child;
  }
}
