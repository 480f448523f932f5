import { isDeepStrictEqual } from 'node:util';
import type { ProviderConfig } from '../config/provider-config.js';
import type { Provider, ProviderDefaults } from './contract/provider.js';
import type { ProviderInstance } from './contract/provider-instance.js';

/** A checked configuration and what the type adds to it. */
export function convertToInstance(config: ProviderConfig, provider: Provider): ProviderInstance {
  const defaults = defaultsOf(config, provider);
  return Object.freeze({
    name: config.name,
    type: config.type,
    baseUrl: config.baseUrl ?? (defaults.baseUrl as string),
    isGuarded: config.source === 'stored',
    apiKeys: config.apiKeys,
    authentication: defaults.authentication,
    timeouts: config.timeouts,
    // The file's own word, then the type's, then the environment's.
    breaker: Object.freeze({ ...config.breaker, ...defaults.breaker, ...config.breakerInFile }),
    maxConnections: config.maxConnections,
    disconnect: config.disconnect,
    drainMs: config.drainMs,
    settings: provider.settings?.parse(config.settings) ?? config.settings,
  });
}

/** What the type brings to an instance that is configured so. */
export function defaultsOf(config: ProviderConfig, provider: Provider): ProviderDefaults {
  return provider.defaultsFor?.(config.settings) ?? provider.defaults;
}

/** Whether two configurations make the same instance; keys count by what they say. */
export function isSameConfig(one: ProviderConfig, other: ProviderConfig): boolean {
  return (
    one.apiKeys.length === other.apiKeys.length &&
    one.apiKeys.every((key, index) => other.apiKeys[index]?.equals(key) === true) &&
    isDeepStrictEqual(instancePartOf(one), instancePartOf(other))
  );
}

function instancePartOf(config: ProviderConfig): object {
  const { apiKeys: _keys, source, retries: _retries, health: _health, ...rest } = config;
  // How often the proxy tries again, and what it thinks of it, is not the instance's affair.
  return { ...rest, isGuarded: source === 'stored' };
}
