import { Secret } from '../../src/common/secret.js';
import { Flow } from '../../src/providers/contract/flow.js';
import type {
  BreakerSettings,
  ProviderInstance,
  UpstreamTimeouts,
} from '../../src/providers/contract/provider-instance.js';
import type { Target } from '../../src/providers/contract/target.js';
import { TranslationReport } from '../../src/providers/contract/translation.js';
import type { UpstreamCall } from '../../src/providers/upstream/upstream-call.js';

export interface InstanceOverrides extends Partial<
  Omit<ProviderInstance, 'timeouts' | 'breaker' | 'apiKeys'>
> {
  timeouts?: Partial<UpstreamTimeouts>;
  breaker?: Partial<BreakerSettings>;
  apiKeys?: readonly string[];
}

/** An instance at `baseUrl` with generous time-outs and no breaker, unless told otherwise. */
export function createInstance(
  baseUrl: string,
  overrides: InstanceOverrides = {},
): ProviderInstance {
  const { timeouts, breaker, apiKeys, ...rest } = overrides;
  return {
    name: 'upstream',
    type: 'openai',
    baseUrl,
    apiKeys: (apiKeys ?? ['sk-first-key-of-the-tests']).map((key) => new Secret(key)),
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    timeouts: {
      connectMs: 5000,
      firstByteMs: 20_000,
      idleMs: 20_000,
      totalMs: 60_000,
      ...timeouts,
    },
    breaker: {
      enabled: false,
      errorThresholdPercentage: 50,
      volumeThreshold: 10,
      windowMs: 60_000,
      resetTimeoutMs: 60_000,
      maxResetMs: 60_000,
      perModel: false,
      ...breaker,
    },
    maxConnections: 64,
    disconnect: 'cancel',
    drainMs: 1000,
    settings: {},
    ...rest,
  };
}

export function createTarget(instance: ProviderInstance, overrides: Partial<Target> = {}): Target {
  return {
    instance,
    model: 'model',
    requestId: 'request',
    signal: new AbortController().signal,
    flow: new Flow(),
    headers: {},
    translation: new TranslationReport(),
    ...overrides,
  };
}

/** A chat call with a small body. */
export function createCall(
  instance: ProviderInstance,
  target: Partial<Target> = {},
  overrides: Partial<UpstreamCall> = {},
): UpstreamCall {
  return {
    target: createTarget(instance, target),
    method: 'POST',
    path: '/chat/completions',
    body: '{"model":"model"}',
    ...overrides,
  };
}
