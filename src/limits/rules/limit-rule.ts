export const LIMIT_SCOPES = ['global', 'client', 'key', 'provider', 'model'] as const;

/** What a limit or a budget is about: everything, or one client, key, provider instance or model. */
export type LimitScope = (typeof LIMIT_SCOPES)[number];

/** Who made a rule: the configuration file, where it is read-only, or a person through the API or the command line. */
export type RuleSource = 'config' | 'api';

/** Absent means unlimited; 0 lets nothing through. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  /** Input and output together. */
  readonly tokensPerMinute?: number | undefined;
  /** Requests in flight. */
  readonly maxConcurrent?: number | undefined;
}

/** How fast one subject may be used. */
export interface LimitRule extends RateLimits {
  readonly scope: LimitScope;
  /** Client id, key id, instance name or model name; empty for `global`. */
  readonly scopeId: string;
  /** Counts only requests of this dialect, as the ledger names it; absent counts all. */
  readonly endpoint?: string | undefined;
  readonly source: RuleSource;
}

/** What happens to a client's request that meets a limit. */
export interface OnLimit {
  /** Longest wait in the queue, in milliseconds; 0 refuses at once. */
  readonly queueMs: number;
}
