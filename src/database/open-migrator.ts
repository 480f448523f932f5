import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { DataSource, type QueryRunner } from 'typeorm';

import { dataSourceOptions, sqliteFileOf } from './data-source-options.js';
import { codeOf, DatabaseError } from './database-errors.js';
import type { DatabaseSettings } from './database-settings.js';

/** Above this a whole check would delay the start noticeably; `llm-proxy doctor` checks any size. */
const QUICK_CHECK_MAX_BYTES = 64 * 1024 * 1024;

const DEFAULT_CONNECT_WAIT_MS = 15_000;

const POSTGRES_STARTING_CODES = new Set(['ECONNREFUSED', '57P03']);

const RETRY_MS = 100;

/** Connects for a migration. Throws `DatabaseError` that says what to do. */
export async function openMigrator(settings: DatabaseSettings): Promise<DataSource> {
  const file = sqliteFileOf(settings);
  if (file === undefined) return openPostgres(settings);
  try {
    return await new DataSource(dataSourceOptions(settings, 'migrator')).initialize();
  } catch (cause) {
    throw isBroken(cause) ? corrupt(file, cause) : cannotOpen(file, cause);
  }
}

/** A server that is started together with this process may take a moment longer. */
async function openPostgres(settings: DatabaseSettings): Promise<DataSource> {
  const deadline = Date.now() + (settings.connectWaitMs ?? DEFAULT_CONNECT_WAIT_MS);
  for (;;) {
    try {
      return await new DataSource(dataSourceOptions(settings, 'migrator')).initialize();
    } catch (cause) {
      const code = codeOf(cause) ?? 'no answer';
      if (POSTGRES_STARTING_CODES.has(code) && Date.now() < deadline) {
        await delay(RETRY_MS);
        continue;
      }
      throw new DatabaseError(
        `PostgreSQL cannot be used (${code}). Check DATABASE_URL and that the server is up.`,
        cause,
      );
    }
  }
}

export function isBroken(cause: unknown): boolean {
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(codeOf(cause) ?? '');
}

export function corrupt(file: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    `The database file ${file} is damaged. It was left as it is: restore a backup with "llm-proxy restore".`,
    cause,
  );
}

function cannotOpen(file: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    `The database file ${file} cannot be opened (${codeOf(cause) ?? 'unknown reason'}). ` +
      'Check its owner, its permissions and the room on the disk.',
    cause,
  );
}

/** Throws `DatabaseError` when the file is damaged; looks through a small database only. */
export async function checkSqlite(runner: QueryRunner, file: string): Promise<void> {
  if ((await stat(file)).size > QUICK_CHECK_MAX_BYTES) return;
  const rows = (await runner.query('PRAGMA quick_check(1)')) as { quick_check: string }[];
  const finding = rows[0]?.quick_check;
  if (finding !== 'ok') throw corrupt(file, new Error(finding));
}
