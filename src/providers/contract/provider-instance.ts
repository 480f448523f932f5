import type { Secret } from '../../common/secret.js';

/** Milliseconds; every one can be set per instance and has a default in the environment. */
export interface UpstreamTimeouts {
  /** TCP and TLS. */
  readonly connectMs: number;
  /** From the request's last byte to the answer's first body byte. */
  readonly firstByteMs: number;
  /** Longest silence between two chunks. */
  readonly idleMs: number;
  /** The whole call. */
  readonly totalMs: number;
}

export interface BreakerSettings {
  readonly enabled: boolean;
  readonly errorThresholdPercentage: number;
  /** Calls within the window below which the breaker never opens. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  readonly resetTimeoutMs: number;
  /** What `resetTimeoutMs` grows to while probes fail. */
  readonly maxResetMs: number;
  /** Each model of the instance has a breaker of its own. */
  readonly perModel: boolean;
}

/** How `Upstream` proves itself to the vendor: declared by the provider type, never by a call. */
export interface Authentication {
  /** Lower-case header name, such as `authorization` or `x-goog-api-key`. */
  readonly header: string;
  /** Put before the key, such as `Bearer `. */
  readonly prefix: string;
}

/**
 * One configured account at one vendor. Breakers, pools, limits, health and usage key on it by
 * identity: a changed configuration makes a new object, an unchanged one keeps its own.
 */
export interface ProviderInstance {
  /** As in the configuration; models are addressed `name/model`. */
  readonly name: string;
  /** The provider type that serves it. */
  readonly type: string;
  /** Without trailing slash. */
  readonly baseUrl: string;
  /**
   * Somebody set it in the dashboard: it is called at public addresses only, apart from those that
   * the operator listed. What the file and the environment say is the operator's own word.
   */
  readonly isGuarded?: boolean;
  readonly apiKeys: readonly Secret[];
  readonly authentication: Authentication;
  readonly timeouts: UpstreamTimeouts;
  readonly breaker: BreakerSettings;
  readonly maxConnections: number;
  /** What happens upstream when a client leaves mid-stream: close at once, or read on to the usage. */
  readonly disconnect: 'cancel' | 'drain';
  /** Longest time to read on under `drain`. */
  readonly drainMs: number;
  /** Vendor-specific settings, validated by the type's own schema. */
  readonly settings: Readonly<Record<string, unknown>>;
}
