import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Catalog } from '../catalog/catalog.service.js';
import { Configuration } from '../config/configuration.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { ModelListing } from './model-listing.js';

/**
 * Tells the catalogue what the vendors say they offer: after the start, for each instance that is
 * new or changed, and again every `MODEL_REFRESH_SECONDS`. Nobody waits for it.
 */
@Injectable()
export class ModelRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listings = new Map<ProviderInstance, ModelListing>();
  #changes: Subscription | undefined;

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly catalog: Catalog,
    private readonly configuration: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    if (this.configuration.environment.modelRefreshSeconds === 0) return;
    this.#changes = this.configuration.changes.subscribe(() => this.#follow());
    this.#follow();
  }

  onModuleDestroy(): void {
    this.#changes?.unsubscribe();
    for (const listing of this.#listings.values()) listing.stop();
    this.#listings.clear();
  }

  /** An instance that the configuration left as it was is the same object, and goes on. */
  #follow(): void {
    const everyMs = this.configuration.environment.modelRefreshSeconds * 1000;
    const registered = this.registry.all();
    const current = new Set(registered.map(({ instance }) => instance));
    for (const [instance, listing] of this.#listings) {
      if (current.has(instance)) continue;
      listing.stop();
      this.#listings.delete(instance);
    }
    for (const { provider, instance } of registered) {
      if (provider.listModels === undefined || this.#listings.has(instance)) continue;
      const listing = new ModelListing({
        list: (target) => provider.listModels?.(target) ?? Promise.resolve([]),
        instance,
        everyMs,
        register: (models) => this.catalog.registerModels(instance.name, models),
      });
      this.#listings.set(instance, listing);
      listing.start();
    }
  }
}
