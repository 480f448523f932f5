import type { Secret } from '../common/secret.js';
import {
  DEFAULT_DRAIN_MS,
  type ConfigurationFile,
  type FileProvider,
} from './configuration-file.js';
import { camelCaseOf, type Environment } from './environment.js';
import { resolveHealth, type HealthSettings } from './health-config.js';
import { NAMED_INSTANCES } from './environment-instances.js';

export interface RetrySettings {
  /** Calls to one target, the first one included. */
  readonly maxAttempts: number;
  readonly baseMs: number;
}

interface TimeoutSettings {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

interface BreakerSettings {
  readonly enabled: boolean;
  readonly errorThresholdPercentage: number;
  readonly volumeThreshold: number;
  readonly windowMs: number;
  readonly resetTimeoutMs: number;
  readonly maxResetMs: number;
  readonly perModel: boolean;
}

/** Who made an instance: `demo` is `simulated`, which is there while there is no other. */
export type ProviderSource = 'file' | 'environment' | 'stored' | 'demo';

/** One provider instance as it is configured, the defaults of the environment merged in. */
export interface ProviderConfig {
  readonly name: string;
  readonly type: string;
  readonly source: ProviderSource;
  /** Without trailing slash; the type's own when absent. */
  readonly baseUrl?: string;
  readonly apiKeys: readonly Secret[];
  readonly timeouts: TimeoutSettings;
  readonly retries: RetrySettings;
  readonly breaker: BreakerSettings;
  /** What the file itself says of the breaker: a type's own defaults rank below it and above `breaker`. */
  readonly breakerInFile: Partial<BreakerSettings>;
  readonly health: HealthSettings;
  readonly maxConnections: number;
  readonly disconnect: 'cancel' | 'drain';
  readonly drainMs: number;
  /** Those of the type, its preset among them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

type Unmerged = Pick<FileProvider, 'name' | 'type' | 'apiKeys'> &
  Partial<FileProvider> & { readonly source: ProviderSource };

/**
 * All instances: those of the file, those of the environment that the file names none like, and
 * `simulated` when there is no other.
 */
export function resolveProviders(
  file: ConfigurationFile,
  environment: Environment,
): readonly ProviderConfig[] {
  const named = new Set(file.providers.map(({ name }) => name));
  const found: Unmerged[] = [
    ...file.providers.map((provider) => ({
      ...provider,
      source: provider.isStored ? ('stored' as const) : ('file' as const),
    })),
    ...instancesOf(environment).filter(({ name }) => !named.has(name)),
  ];
  if (found.length === 0) found.push(DEMO);
  return Object.freeze(found.map((provider) => mergeDefaults(provider, environment)));
}

const DEMO: Unmerged = { name: 'simulated', type: 'simulated', apiKeys: [], source: 'demo' };

/** No account at any vendor is configured. */
export function isDemo(file: ConfigurationFile, environment: Environment): boolean {
  return file.providers.length === 0 && instancesOf(environment).length === 0;
}

/** Names of the instances that the environment makes where the file names none like them. */
export function environmentInstanceNames(environment: Environment): readonly string[] {
  return instancesOf(environment).map(({ name }) => name);
}

/** A part that is there without its companion has stopped the boot, so one says that all are. */
function instancesOf(environment: Environment): Unmerged[] {
  return NAMED_INSTANCES.flatMap(([name, variables]) => {
    const key = variables.apiKey && environment[camelCaseOf(variables.apiKey)];
    const baseUrl = variables.baseUrl && environment[camelCaseOf(variables.baseUrl)];
    if (key === undefined && baseUrl === undefined) return [];
    const place = baseUrl === undefined ? {} : { baseUrl };
    const apiKeys = key === undefined ? [] : [key];
    return { name, type: name, apiKeys, ...place, source: 'environment' as const };
  });
}

function mergeDefaults(provider: Unmerged, environment: Environment): ProviderConfig {
  const { timeouts = {}, retries = {}, breaker = {} } = provider;
  return Object.freeze({
    name: provider.name,
    type: provider.type,
    source: provider.source,
    ...(provider.baseUrl === undefined ? {} : { baseUrl: provider.baseUrl }),
    apiKeys: Object.freeze([...provider.apiKeys]),
    timeouts: Object.freeze({
      connectMs: timeouts.connectMs ?? environment.upstreamConnectTimeoutMs,
      firstByteMs: timeouts.firstByteMs ?? environment.upstreamFirstByteTimeoutMs,
      idleMs: timeouts.idleMs ?? environment.upstreamIdleTimeoutMs,
      totalMs: timeouts.totalMs ?? environment.upstreamTotalTimeoutMs,
    }),
    retries: Object.freeze({
      maxAttempts: retries.maxAttempts ?? environment.retryMaxAttempts,
      baseMs: retries.baseMs ?? environment.retryBaseMs,
    }),
    breaker: Object.freeze({
      enabled: breaker.enabled ?? true,
      errorThresholdPercentage:
        breaker.errorThresholdPercentage ?? environment.breakerErrorThresholdPercentage,
      volumeThreshold: breaker.volumeThreshold ?? environment.breakerVolumeThreshold,
      windowMs: breaker.windowMs ?? environment.breakerWindowMs,
      resetTimeoutMs: breaker.resetTimeoutMs ?? environment.breakerResetTimeoutMs,
      maxResetMs: breaker.maxResetMs ?? environment.breakerMaxResetMs,
      perModel: breaker.perModel ?? false,
    }),
    breakerInFile: Object.freeze({ ...breaker }),
    health: resolveHealth(provider.health ?? {}, environment),
    maxConnections: provider.maxConnections ?? environment.upstreamMaxConnections,
    disconnect: provider.disconnect ?? 'cancel',
    drainMs: provider.drainMs ?? DEFAULT_DRAIN_MS,
    settings: Object.freeze({
      ...provider.settings,
      ...(provider.preset === undefined ? {} : { preset: provider.preset }),
    }),
  });
}
