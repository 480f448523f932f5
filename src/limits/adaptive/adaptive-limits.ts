import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { Configuration } from '../../config/configuration.js';
import { ProviderFull } from './provider-full.js';
import { type AdaptivePlace, TargetLimit } from './target-limit.js';

/** Models of one instance; clients may name any. */
const MOST_MODELS = 1_000;

interface CalledInstance {
  readonly name: string;
}

interface InstanceLimits {
  readonly instance: CalledInstance;
  readonly models: LRUCache<string, TargetLimit>;
}

/** What is learned of one target, for whoever shows it. */
export interface LearnedLimit {
  readonly provider: string;
  readonly model: string;
  /** Requests per minute; 0 while none goes out. */
  readonly perMinute: number;
}

const ALWAYS: AdaptivePlace = { heard: () => undefined, undo: () => undefined };

/**
 * Keeps calls within what their providers let through, learned from refusals and from the headers
 * of answers. Every process learns for itself: vendors count all of an account's calls, so that
 * each hears what the others use.
 */
@Injectable()
export class AdaptiveLimits implements OnModuleDestroy {
  readonly #instances = new Map<string, InstanceLimits>();
  readonly #changes: Subscription;
  #off: ReadonlySet<string> = new Set();

  constructor(private readonly configuration: Configuration) {
    this.#follow();
    this.#changes = configuration.changes.subscribe(() => this.#follow());
  }

  onModuleDestroy(): void {
    this.#changes.unsubscribe();
  }

  /**
   * A place for one call, unless it would be refused anyway.
   * @param tokens as in `RateAsk`
   */
  enter(
    instance: CalledInstance,
    model: string,
    tokens: () => number,
  ): AdaptivePlace | ProviderFull {
    if (this.#off.has(instance.name)) return ALWAYS;
    const limit = this.#limitOf(instance, model);
    const waitMs = limit.waitMs();
    return waitMs > 0 ? new ProviderFull(instance.name, waitMs) : limit.begin(tokens);
  }

  /** Of the targets that are held back now. */
  *learned(): Iterable<LearnedLimit> {
    for (const [provider, { models }] of this.#instances) {
      for (const [model, { perMinute }] of models.entries()) {
        if (perMinute !== undefined) yield { provider, model, perMinute };
      }
    }
  }

  #limitOf(instance: CalledInstance, model: string): TargetLimit {
    const limits = this.#limitsOf(instance);
    let limit = limits.models.get(model);
    if (limit === undefined) {
      limits.models.set(model, (limit = new TargetLimit(() => performance.now())));
    }
    return limit;
  }

  /** An instance with another address or other keys is another account: what was learned is void. */
  #limitsOf(instance: CalledInstance): InstanceLimits {
    const known = this.#instances.get(instance.name);
    if (known?.instance === instance) return known;
    const limits = { instance, models: new LRUCache<string, TargetLimit>({ max: MOST_MODELS }) };
    this.#instances.set(instance.name, limits);
    return limits;
  }

  #follow(): void {
    const { providers } = this.configuration.file;
    const off = providers.filter(({ limits }) => limits?.adaptive === false);
    this.#off = new Set(off.map(({ name }) => name));
    const names = new Set(this.configuration.providers().map(({ name }) => name));
    for (const name of this.#instances.keys()) if (!names.has(name)) this.#instances.delete(name);
  }
}
