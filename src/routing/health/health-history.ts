import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { ProviderHealth, type HealthChange } from './provider-health.service.js';

/** Of one instance; an hour of a provider that goes on and off all the time is a few hundred. */
const REMEMBERED_CHANGES = 200;
/** People may make and remove as many as they like. */
const REMEMBERED_INSTANCES = 1_000;

export interface DatedHealthChange extends HealthChange {
  /** Unix milliseconds. */
  readonly at: number;
}

/** The latest changes of each instance's health, in this process and since its start. */
@Injectable()
export class HealthHistory implements OnModuleDestroy {
  readonly #changes = new LRUCache<string, DatedHealthChange[]>({ max: REMEMBERED_INSTANCES });
  readonly #subscription: Subscription;

  constructor(health: ProviderHealth) {
    this.#subscription = health.changes.subscribe((change) => this.#remember(change));
  }

  /** Newest first. */
  of(instance: string): readonly DatedHealthChange[] {
    return (this.#changes.get(instance) ?? []).toReversed();
  }

  onModuleDestroy(): void {
    this.#subscription.unsubscribe();
  }

  #remember(change: HealthChange): void {
    const changes = this.#changes.get(change.instance) ?? [];
    changes.push({ ...change, at: Date.now() });
    if (changes.length > REMEMBERED_CHANGES) changes.shift();
    this.#changes.set(change.instance, changes);
  }
}
