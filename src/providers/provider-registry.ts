import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { ConfigurationError } from '../config/configuration-error.js';
import { Configuration } from '../config/configuration.js';
import type { ProviderConfig } from '../config/provider-config.js';
import { PROVIDERS, type Provider } from './contract/provider.js';
import type { ProviderInstance } from './contract/provider-instance.js';
import { findInstanceProblems } from './find-instance-problems.js';
import { convertToInstance, isSameConfig } from './provider-instances.js';
import { Upstream } from './upstream/upstream.js';

/** Longer than any wait between a request being routed and its last try being made. */
export const RETIRE_AFTER_MS = 60_000;

/** An instance and the type that serves it. */
export interface RegisteredInstance {
  readonly provider: Provider;
  readonly instance: ProviderInstance;
}

interface Entry {
  readonly config: ProviderConfig;
  readonly provider: Provider;
  /** Made at the first use. */
  registered?: RegisteredInstance;
}

/**
 * All provider types and the instances that the configuration makes of them. A change of the
 * configuration keeps the instances that it says nothing new about; the others are closed
 * a little later, when their calls have ended.
 */
@Injectable()
export class ProviderRegistry implements OnModuleDestroy {
  readonly #logger = new Logger(ProviderRegistry.name);
  readonly #types: ReadonlyMap<string, Provider>;
  readonly #changes: Subscription;
  readonly #removeCheck: () => void;
  readonly #retiring = new Set<NodeJS.Timeout>();
  #entries: ReadonlyMap<string, Entry>;

  /** Throws a `ConfigurationError` with every problem of every instance. */
  constructor(
    @Inject(PROVIDERS) providers: readonly Provider[],
    configuration: Configuration,
    private readonly upstream: Upstream,
  ) {
    this.#types = byType(providers);
    const problems = findInstanceProblems(configuration.providers(), this.#types);
    if (problems.length > 0) throw new ConfigurationError('providers', problems);
    this.#entries = this.#entriesOf(configuration.providers());
    this.#removeCheck = configuration.addCheck((file) =>
      findInstanceProblems(configuration.providers(file), this.#types),
    );
    this.#changes = configuration.changes.subscribe(() => this.#replace(configuration.providers()));
  }

  /** By the name in the configuration. The same object until its configuration changes. */
  find(name: string): RegisteredInstance | undefined {
    const entry = this.#entries.get(name);
    return entry && register(entry);
  }

  /** In the order of the configuration. */
  all(): readonly RegisteredInstance[] {
    return [...this.#entries.values()].map(register);
  }

  types(): readonly Provider[] {
    return [...this.#types.values()];
  }

  onModuleDestroy(): void {
    this.#removeCheck();
    this.#changes.unsubscribe();
    // Upstream closes what is left.
    for (const timer of this.#retiring) clearTimeout(timer);
  }

  #replace(configs: readonly ProviderConfig[]): void {
    const before = this.#entries;
    this.#entries = this.#entriesOf(configs);
    for (const [name, entry] of before) {
      if (this.#entries.get(name) !== entry) this.#retire(entry);
    }
  }

  #entriesOf(configs: readonly ProviderConfig[]): ReadonlyMap<string, Entry> {
    const before = this.#entries ?? new Map<string, Entry>();
    return new Map(
      configs.map((config) => {
        const kept = before.get(config.name);
        if (kept && isSameConfig(kept.config, config)) return [config.name, kept];
        return [config.name, { config, provider: this.#types.get(config.type) as Provider }];
      }),
    );
  }

  /**
   * Later, because a request may have been sent here by the old configuration and be on its way
   * still: waiting for the ledger, or for another try. Once closed, an instance takes no calls.
   */
  #retire(entry: Entry): void {
    if (!entry.registered) return;
    const { instance } = entry.registered;
    const timer = setTimeout(() => {
      this.#retiring.delete(timer);
      this.#close(instance);
    }, RETIRE_AFTER_MS);
    timer.unref();
    this.#retiring.add(timer);
  }

  #close(instance: ProviderInstance): void {
    this.upstream.close(instance).catch((error: unknown) => {
      this.#logger.error(`Instance ${instance.name} could not be closed: ${String(error)}`);
    });
  }
}

function register(entry: Entry): RegisteredInstance {
  return (entry.registered ??= {
    provider: entry.provider,
    instance: convertToInstance(entry.config, entry.provider),
  });
}

function byType(providers: readonly Provider[]): ReadonlyMap<string, Provider> {
  const types = new Map<string, Provider>();
  for (const provider of providers) {
    if (types.has(provider.type)) {
      throw new Error(`The provider type ${provider.type} is registered twice`);
    }
    types.set(provider.type, provider);
  }
  return types;
}
