import { join } from 'node:path';

import type { DataSourceOptions } from 'typeorm';

import { type DatabaseSettings, textOf } from './database-settings.js';
import type { SqliteConnectionOptions } from './sqlite-connection.js';
import { sqliteDriver } from './sqlite-driver.js';
import { WAL_LIMIT_BYTES } from './wal-checkpointer.js';

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
    driver: sqliteDriver(sqliteConnectionOptions(settings, role)),
  };
}

function sqliteConnectionOptions(
  settings: DatabaseSettings,
  role: DataSourceRole,
): SqliteConnectionOptions {
  const { synchronous } = settings;
  // Beyond NORMAL each commit waits for the disk, which the event loop must not do.
  const inThread = role === ANALYTICS || (role === 'writer' && synchronous !== 'NORMAL');
  const checkpointed = role === 'writer' && !inThread;
  return {
    pragmas: [
      'foreign_keys = ON',
      'trusted_schema = OFF',
      ...(mayWrite(role) ? writerPragmas(settings, checkpointed) : ['query_only = ON']),
    ],
    transaction: mayWrite(role) ? 'IMMEDIATE' : 'DEFERRED',
    lockTimeoutMs: lockTimeoutOf(settings, role),
    runs: inThread ? 'thread' : 'here',
    lazy: role === ANALYTICS,
    ...(checkpointed ? { checkpoints: { synchronous } } : {}),
  };
}

function writerPragmas({ synchronous }: DatabaseSettings, checkpointed: boolean): string[] {
  return [
    'journal_mode = WAL',
    `synchronous = ${synchronous}`,
    'cache_size = -16384',
    // Hot pages are copied back once per 16 MB of log instead of once per 4 MB.
    `wal_autocheckpoint = ${checkpointed ? 0 : 4096}`,
    `journal_size_limit = ${WAL_LIMIT_BYTES}`,
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
