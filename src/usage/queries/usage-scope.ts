import type { UsageStatus } from '../usage-entry.js';
import type { SqlParameters } from './named-sql.js';

/** Whose usage: what the roll-ups are kept by. What is absent is not asked for. */
export interface UsageScope {
  readonly clientId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly provider?: string | undefined;
  /** The provider's own name of it, without the provider. */
  readonly model?: string | undefined;
  readonly status?: UsageStatus | undefined;
}

const COLUMNS = {
  clientId: 'client_id',
  apiKeyId: 'api_key_id',
  provider: 'provider',
  model: 'model',
  status: 'status',
} as const satisfies Record<keyof UsageScope, string>;

const NAMES = Object.keys(COLUMNS) as (keyof UsageScope)[];

/** Conditions that begin with AND, over the columns of roll-ups and entries alike. */
export function scopeConditions(scope: UsageScope): string {
  return NAMES.filter((name) => scope[name] !== undefined)
    .map((name) => ` AND ${COLUMNS[name]} = :${name}`)
    .join('');
}

export function scopeParameters(scope: UsageScope): SqlParameters {
  return Object.fromEntries(
    NAMES.filter((name) => scope[name] !== undefined).map((name) => [name, scope[name]]),
  );
}
