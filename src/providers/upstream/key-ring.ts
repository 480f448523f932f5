import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';

/** A key that was refused, or whose account is empty, is tried again after this. */
const REFUSED_REST_MS = 60_000;
/** For a 429 that does not say when to come back. */
const THROTTLED_REST_MS = 1_000;
const LONGEST_REST_MS = 3_600_000;
const MOST_RESTS = 1_000;

interface Rest {
  readonly until: number;
  readonly kind: 'auth' | 'rate_limited';
}

/**
 * The keys of one instance and which of them is in use. A key that the vendor refused or throttled
 * rests and makes room for the next one: for all models when the key itself was refused, for one
 * model when only that was. While all keys rest, calls are refused here. A single key never rests:
 * nothing could be called in its place, and whoever mends it wants to see that at once.
 */
export class KeyRing {
  readonly #values: readonly string[];
  readonly #rests = new Map<string, Rest>();
  #current = 0;

  constructor(instance: ProviderInstance) {
    const { prefix } = instance.authentication;
    this.#values = instance.apiKeys.map((key) => `${prefix}${key.reveal()}`);
  }

  /**
   * Index of the key for a call to the model. Throws what the keys were refused with when all
   * rest: a `ProviderError` of kind `auth` or `rate_limited`.
   */
  take(model: string): number {
    if (this.#values.length < 2 || this.#rests.size === 0) return this.#current;
    let soonest: Rest | undefined;
    for (let step = 0; step < this.#values.length; step += 1) {
      const index = (this.#current + step) % this.#values.length;
      const rest = this.#restOf(index, model);
      if (rest === undefined) return index;
      if (soonest === undefined || rest.until < soonest.until) soonest = rest;
    }
    throw allRest(soonest as Rest);
  }

  /** Whether a call to the model would have a key. */
  hasUsable(model: string): boolean {
    return this.#values.some((_, index) => this.#restOf(index, model) === undefined);
  }

  /** One at least: an instance without a key is an account too. */
  get count(): number {
    return Math.max(1, this.#values.length);
  }

  /** The header's value, undefined when the instance has no key. */
  value(index: number): string | undefined {
    return this.#values[index];
  }

  /**
   * A call with the key failed, for whatever reason. Calls that failed together with the same key
   * move on by one, not by one each.
   */
  failed(index: number, model: string, error: ProviderError): void {
    const { kind, status, retryAfterMs, outOfCredit } = error;
    if (this.#values.length < 2 || (kind !== 'auth' && kind !== 'rate_limited')) return;
    const isRefused = kind === 'auth' || outOfCredit;
    const restMs = isRefused ? REFUSED_REST_MS : (retryAfterMs ?? THROTTLED_REST_MS);
    // Limits are per model with most vendors, and a 403 may be about the model.
    const name = isRefused && status !== 403 ? String(index) : nameOf(index, model);
    this.#rest(name, { until: performance.now() + Math.min(restMs, LONGEST_REST_MS), kind });
    if (index === this.#current) this.#current = (index + 1) % this.#values.length;
  }

  #rest(name: string, rest: Rest): void {
    const earlier = this.#rests.get(name);
    if (earlier !== undefined && earlier.until > rest.until) return;
    // Names of models come from clients; the oldest rest has most likely ended.
    if (this.#rests.size >= MOST_RESTS) {
      this.#rests.delete(this.#rests.keys().next().value as string);
    }
    this.#rests.delete(name);
    this.#rests.set(name, rest);
  }

  #restOf(index: number, model: string): Rest | undefined {
    const now = performance.now();
    let longest: Rest | undefined;
    for (const name of [String(index), nameOf(index, model)]) {
      const rest = this.#rests.get(name);
      if (rest === undefined) continue;
      if (rest.until <= now) this.#rests.delete(name);
      else if (longest === undefined || rest.until > longest.until) longest = rest;
    }
    return longest;
  }
}

function nameOf(index: number, model: string): string {
  return `${index} ${model}`;
}

function allRest({ until, kind }: Rest): ProviderError {
  return new ProviderError(kind, 'Every key of the provider was refused a moment ago', {
    retryAfterMs: Math.max(1, Math.ceil(until - performance.now())),
    unsent: true,
  });
}
