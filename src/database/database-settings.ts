import type { Secret } from '../common/secret.js';

/** Injection token of `DatabaseSettings`; the application binds it to its configuration. */
export const DATABASE_SETTINGS = Symbol('DATABASE_SETTINGS');

export interface DatabaseSettings {
  /** `postgres://…`; absent means SQLite in `dataDir`. */
  url?: Secret | string;
  /** Folder of `llm-proxy.sqlite`; made when absent. */
  dataDir: string;
  /** SQLite's `synchronous`: NORMAL survives a killed process, FULL also a power loss. */
  synchronous: 'NORMAL' | 'FULL';
  /** Writes that may wait for the database before further ones are refused. */
  maxQueuedWrites: number;
  /** Milliseconds that a write waits for a lock held by another process; 3,000 when absent. */
  lockTimeoutMs?: number;
  /** Milliseconds to wait at boot for a PostgreSQL server that is starting; 15,000 when absent. */
  connectWaitMs?: number;
  /** `redis://…`; absent means that changes are announced within this process and polled by others. */
  redisUrl?: Secret | string;
}

export function textOf(value: Secret | string): string {
  return typeof value === 'string' ? value : value.reveal();
}
