/** The rules of a grammar that a stream breaks, each with the first place where it does. */
export class Breaches {
  readonly #found = new Map<string, unknown>();

  /** @param detail what was there instead, for whoever reads the failure */
  check(holds: boolean, rule: string, detail?: unknown): void {
    if (!holds && !this.#found.has(rule)) this.#found.set(rule, detail);
  }

  get rules(): string[] {
    return [...this.#found.keys()].sort();
  }

  get details(): string {
    return JSON.stringify(Object.fromEntries(this.#found)).slice(0, 4000);
  }
}
