import type { ProviderInstance } from '../contract/provider-instance.js';

/**
 * The keys of one instance and which of them is in use. A key that the vendor refused or throttled
 * makes room for the next one; with a single key nothing changes.
 */
export class KeyRing {
  readonly #values: readonly string[];
  #current = 0;

  constructor(instance: ProviderInstance) {
    const { prefix } = instance.authentication;
    this.#values = instance.apiKeys.map((key) => `${prefix}${key.reveal()}`);
  }

  /** Index of the key that the next call uses. */
  get current(): number {
    return this.#current;
  }

  /** One at least: an instance without a key is an account too. */
  get count(): number {
    return Math.max(1, this.#values.length);
  }

  /** The header's value, undefined when the instance has no key. */
  value(index: number): string | undefined {
    return this.#values[index];
  }

  /** Calls that failed together with the same key move on by one, not by one each. */
  rotateFrom(index: number): void {
    if (index !== this.#current || this.#values.length < 2) return;
    this.#current = (index + 1) % this.#values.length;
  }
}
