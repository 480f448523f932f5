import { join } from 'node:path';

import sqlite3 from 'sqlite3';
import type { DataSourceOptions } from 'typeorm';

import { type DatabaseSettings, textOf } from './database-settings.js';
import { sqliteDriver } from './sqlite-driver.js';

/** The writer is TypeORM's default data source, the others are injected by these names. */
export const READER = 'reader';
export const ANALYTICS = 'analytics';

/**
 * `writer`: the only one that writes, through `GroupCommitWriter`. `reader`: look-ups that must not
 * wait. `analytics`: whatever may take long (dashboard queries, exports, checks). `migrator`: opened
 * for a moment at boot.
 */
export type DataSourceRole = 'writer' | typeof READER | typeof ANALYTICS | 'migrator';

export type Entities = NonNullable<DataSourceOptions['entities']>;

export const SQLITE_FILE_NAME = 'llm-proxy.sqlite';

/** Marks a SQLite file as ours ("LLMP"), so that a foreign one is never migrated. */
export const SQLITE_APPLICATION_ID = 0x4c4c4d50;

const DEFAULT_LOCK_TIMEOUT_MS = 3_000;

/** How long an instance waits for another one that is migrating. */
export const MIGRATION_LOCK_TIMEOUT_MS = 120_000;

/** Where the SQLite database lives; undefined when the settings name a PostgreSQL server. */
export function sqliteFileOf(settings: DatabaseSettings): string | undefined {
  return settings.url === undefined ? join(settings.dataDir, SQLITE_FILE_NAME) : undefined;
}

/** The one place that knows which drivers exist and how their connections are set up. */
export function dataSourceOptions(
  settings: DatabaseSettings,
  role: DataSourceRole,
  entities: Entities = [],
): DataSourceOptions {
  const file = sqliteFileOf(settings);
  const shared = {
    ...(role === 'writer' ? {} : { name: role }),
    entities,
    synchronize: false,
    logging: false,
  } as const;
  if (file === undefined) return { ...shared, ...postgresOptions(settings, role) };
  return {
    ...shared,
    type: 'sqlite',
    database: file,
    // Without OPEN_CREATE: a missing or emptied file must never turn into a new database.
    flags: sqlite3.OPEN_READWRITE | sqlite3.OPEN_FULLMUTEX,
    driver: sqliteDriver(sqlitePragmas(settings, role), mayWrite(role) ? 'IMMEDIATE' : 'DEFERRED'),
  };
}

function sqlitePragmas(settings: DatabaseSettings, role: DataSourceRole): string[] {
  const lockTimeoutMs = lockTimeoutOf(settings, role);
  const shared = [`busy_timeout = ${lockTimeoutMs}`, 'foreign_keys = ON', 'trusted_schema = OFF'];
  if (!mayWrite(role)) return [...shared, 'query_only = ON'];
  return [
    ...shared,
    'journal_mode = WAL',
    `synchronous = ${settings.synchronous}`,
    'cache_size = -16384',
    // Hot pages are copied back once per 16 MB of log instead of once per 4 MB.
    'wal_autocheckpoint = 4096',
    'journal_size_limit = 67108864',
  ];
}

function mayWrite(role: DataSourceRole): boolean {
  return role === 'writer' || role === 'migrator';
}

function lockTimeoutOf(settings: DatabaseSettings, role: DataSourceRole): number {
  if (role === 'migrator') return MIGRATION_LOCK_TIMEOUT_MS;
  return settings.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS;
}

const POSTGRES_POOL_SIZE: Record<DataSourceRole, number> = {
  writer: 2,
  reader: 4,
  analytics: 3,
  migrator: 1,
};

const POSTGRES_STATEMENT_TIMEOUT_MS: Record<DataSourceRole, number> = {
  writer: 5_000,
  reader: 5_000,
  analytics: 120_000,
  migrator: 3_600_000,
};

function postgresOptions(settings: DatabaseSettings, role: DataSourceRole) {
  const statementTimeoutMs = POSTGRES_STATEMENT_TIMEOUT_MS[role];
  return {
    type: 'postgres',
    url: textOf(settings.url ?? ''),
    applicationName: `llm-proxy ${role}`,
    poolSize: POSTGRES_POOL_SIZE[role],
    connectTimeoutMS: 3_000,
    installExtensions: false,
    parseInt8: true,
    // The pool replaces a lost idle connection by itself; users of a connection see their own error.
    poolErrorHandler: () => undefined,
    extra: {
      keepAlive: true,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutOf(settings, role),
      // A frozen server answers nothing at all, so the client keeps its own clock as well.
      query_timeout: statementTimeoutMs + 1_000,
      idle_in_transaction_session_timeout: 30_000,
      ...(mayWrite(role) ? {} : { options: '-c default_transaction_read_only=on' }),
    },
  } as const;
}
