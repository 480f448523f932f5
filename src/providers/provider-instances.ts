import { isDeepStrictEqual } from 'node:util';
import type { ProviderConfig } from '../config/provider-config.js';
import type { Provider } from './contract/provider.js';
import type { ProviderInstance } from './contract/provider-instance.js';

/** A checked configuration and what the type adds to it. */
export function convertToInstance(
  config: ProviderConfig,
  { defaults, settings }: Provider,
): ProviderInstance {
  return Object.freeze({
    name: config.name,
    type: config.type,
    baseUrl: config.baseUrl ?? (defaults.baseUrl as string),
    apiKeys: config.apiKeys,
    authentication: defaults.authentication,
    timeouts: config.timeouts,
    // The file's own word, then the type's, then the environment's.
    breaker: Object.freeze({ ...config.breaker, ...defaults.breaker, ...config.breakerInFile }),
    maxConnections: config.maxConnections,
    disconnect: config.disconnect,
    drainMs: config.drainMs,
    settings: settings?.parse(config.settings) ?? config.settings,
  });
}

/** Whether two configurations make the same instance; keys count by what they say. */
export function isSameConfig(one: ProviderConfig, other: ProviderConfig): boolean {
  return (
    one.apiKeys.length === other.apiKeys.length &&
    one.apiKeys.every((key, index) => other.apiKeys[index]?.equals(key) === true) &&
    // How often the proxy tries again is not the instance's affair.
    isDeepStrictEqual(
      { ...one, apiKeys: undefined, retries: undefined },
      { ...other, apiKeys: undefined, retries: undefined },
    )
  );
}
