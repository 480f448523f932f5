import { Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import type { ProviderConfig } from '../../config/provider-config.js';
import { storedKey, type StoredObject } from '../../config/stored-object.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { maskKey } from '../../provisioning/mask-key.js';
import { StoredProviders } from '../../provisioning/stored-providers.service.js';
import { capabilitiesOf, MANAGERS } from './provider-parts.js';
import { ProviderFigures } from './provider-figures.js';
import type { ProviderView } from './provider.view.js';

/** Instances as people see them: what is configured, whoever said it, and how it does. */
@Injectable()
export class ProvidersDesk {
  constructor(
    private readonly configuration: Configuration,
    private readonly registry: ProviderRegistry,
    private readonly stored: StoredProviders,
    private readonly figures: ProviderFigures,
  ) {}

  /** Those in force, and stored ones that are not. */
  async list(): Promise<ProviderView[]> {
    const configs = this.configuration.providers();
    const inForce = new Set(configs.map(({ name }) => name));
    const rest = (await this.stored.list()).filter(({ name }) => !inForce.has(name));
    return [
      ...configs.map((config) => this.#viewOf(config)),
      ...rest.flatMap((object) => this.#viewOfStored(object)),
    ];
  }

  /** Throws `not_found`. */
  async get(name: string): Promise<ProviderView> {
    const found = (await this.list()).find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new ApiError('not_found', `There is no provider '${name}'.`, { param: 'name' });
  }

  #viewOf(config: ProviderConfig): ProviderView {
    return this.#view(config, { enabled: true, problems: [] });
  }

  #viewOfStored(object: StoredObject): ProviderView[] {
    const config = this.configuration.resolveStored(object);
    if ('problems' in config) return [];
    const problems = this.configuration.storedProblems.get(storedKey(object)) ?? [];
    return [this.#view(config, { enabled: object.value['enabled'] !== false, problems })];
  }

  #view(
    config: ProviderConfig,
    { enabled, problems }: { enabled: boolean; problems: readonly string[] },
  ): ProviderView {
    const { name, type, source, settings, timeouts, retries } = config;
    const { preset, ...otherSettings } = settings;
    const provider = this.registry.types().find((one) => one.type === type);
    return {
      name,
      type,
      source,
      managedBy: MANAGERS[source],
      baseUrl: this.figures.baseUrlOf(config),
      preset: typeof preset === 'string' ? preset : null,
      keys: config.apiKeys.map(maskKey),
      enabled,
      problems: [...problems],
      capabilities: capabilitiesOf(provider),
      ...this.figures.of(name),
      timeouts: { ...timeouts },
      retries: { ...retries },
      maxConnections: config.maxConnections,
      disconnect: config.disconnect,
      drainMs: config.drainMs,
      settings: otherSettings,
    };
  }
}
