import type { ProviderInstance } from '../contract/provider-instance.js';
import { Breaker, type BreakerState } from './breaker.js';
import type { BreakerSharing } from './breaker-share.js';

/** Names of models come from clients; those beyond share the instance's breaker. */
const MOST_MODELS = 1_000;
const BY_SEVERITY: readonly BreakerState[] = ['open', 'half-open', 'closed'];

export interface BreakerView {
  /** The worst of all. */
  readonly state: BreakerState;
  /** Those of single models, where the instance has any. */
  readonly models: readonly { readonly model: string; readonly state: BreakerState }[];
}

/** The breakers of one instance: one, or one for each model when it is configured so. */
export class Breakers {
  readonly #instance: ProviderInstance;
  readonly #sharing: BreakerSharing | undefined;
  readonly #own: Breaker;
  readonly #models = new Map<string, Breaker>();

  constructor(instance: ProviderInstance, sharing: BreakerSharing | undefined) {
    this.#instance = instance;
    this.#sharing = sharing;
    this.#own = this.#create(undefined);
  }

  /** The one that calls to the model go through. */
  for(model: string): Breaker {
    if (!this.#instance.breaker.perModel || !this.#instance.breaker.enabled) return this.#own;
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    if (this.#models.size >= MOST_MODELS) return this.#own;
    const breaker = this.#create(model);
    this.#models.set(model, breaker);
    return breaker;
  }

  get view(): BreakerView {
    const models = [...this.#models].map(([model, { state }]) => ({ model, state }));
    const states = [this.#own.state, ...models.map(({ state }) => state)];
    return { state: BY_SEVERITY.find((state) => states.includes(state)) ?? 'closed', models };
  }

  /** By hand: all of them closed. */
  reset(): void {
    for (const breaker of this.#all()) breaker.reset();
  }

  /** By hand: all of them open, for so many milliseconds or as after a failure. */
  open(forMs?: number): void {
    for (const breaker of this.#all()) breaker.open(forMs);
  }

  close(): void {
    this.#sharing?.leave(this.#name(undefined), this.#own);
    for (const [model, breaker] of this.#models) this.#sharing?.leave(this.#name(model), breaker);
    for (const breaker of this.#all()) breaker.close();
  }

  #all(): Breaker[] {
    return [this.#own, ...this.#models.values()];
  }

  #create(model: string | undefined): Breaker {
    const name = this.#name(model);
    const breaker = new Breaker(this.#instance.breaker, name);
    if (this.#sharing !== undefined && this.#instance.breaker.enabled) {
      breaker.shareWith(this.#sharing.join(name, breaker));
    }
    return breaker;
  }

  /** The same in every process that is configured alike. */
  #name(model: string | undefined): string {
    const { name, baseUrl } = this.#instance;
    return JSON.stringify(model === undefined ? [name, baseUrl] : [name, baseUrl, model]);
  }
}
