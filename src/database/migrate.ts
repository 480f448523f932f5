import { setTimeout as delay } from 'node:timers/promises';

import { type QueryRunner, Table } from 'typeorm';

import { MIGRATION_LOCK_TIMEOUT_MS, sqliteFileOf } from './data-source-options.js';
import { DatabaseError, codeOf } from './database-errors.js';
import type { DatabaseSettings } from './database-settings.js';
import type { Migration } from './migrations/migration.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { checkSqlite, corrupt, isBroken, openMigrator } from './open-migrator.js';
import { prepareSqliteFile } from './sqlite-file.js';

export interface MigrationReport {
  /** Names of the migrations that this call ran, oldest first. */
  applied: string[];
  /** Names of those that are still to be run; only a dry run leaves any. */
  pending: string[];
}

export interface MigrateOptions {
  /** Only tell what would be run; changes nothing, not even by creating a database file. */
  dryRun?: boolean;
  migrations?: readonly (new () => Migration)[];
}

const TABLE = 'llm_proxy_migrations';

/** Any number that no other application on the same server would choose for its own lock. */
const POSTGRES_LOCK = 0x4c4c4d5001;

const LOCK_POLL_MS = 100;

/**
 * Brings the schema up to this build, in one transaction under a lock: when several instances start
 * at once, one migrates and the others find it done; a run that was killed leaves nothing behind.
 * Throws `DatabaseError` for a database that is broken, not ours or newer than this build.
 */
export async function migrate(
  settings: DatabaseSettings,
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  const migrations = (options.migrations ?? MIGRATIONS).map((type) => new type());
  const file = sqliteFileOf(settings);
  if (file !== undefined) {
    const exists = await prepareSqliteFile(file, { create: !options.dryRun });
    if (!exists) return { applied: [], pending: migrations.map(({ name }) => name) };
  }
  const dataSource = await openMigrator(settings);
  try {
    const runner = dataSource.createQueryRunner();
    if (file !== undefined) await checkSqlite(runner, file);
    if (options.dryRun) {
      const pending = await underLock(runner, () => findPending(runner, migrations));
      return { applied: [], pending: namesOf(pending) };
    }
    return { applied: await runPending(runner, migrations), pending: [] };
  } catch (error) {
    throw error instanceof DatabaseError ? error : migrationFailed(error, file);
  } finally {
    await dataSource.destroy();
  }
}

/** Takes back the newest migration. For tests and development; returns its name. */
export async function revertLast(settings: DatabaseSettings): Promise<string | undefined> {
  const dataSource = await openMigrator(settings);
  try {
    const runner = dataSource.createQueryRunner();
    return await underLock(runner, async () => {
      const name = (await executedNames(runner)).at(-1);
      const type = MIGRATIONS.find((candidate) => new candidate().name === name);
      if (name === undefined || type === undefined) return undefined;
      await new type().down(runner);
      await runner.manager.createQueryBuilder().delete().from(TABLE).where({ name }).execute();
      return name;
    });
  } finally {
    await dataSource.destroy();
  }
}

async function runPending(runner: QueryRunner, migrations: Migration[]): Promise<string[]> {
  // The usual start finds nothing to do and waits for nobody.
  if (await isUpToDate(runner, migrations)) return [];
  return underLock(runner, async () => {
    const pending = await findPending(runner, migrations);
    await runner.createTable(migrationsTable(), true);
    for (const migration of pending) {
      await migration.up(runner);
      await runner.manager
        .createQueryBuilder()
        .insert()
        .into(TABLE)
        .values({ name: migration.name, applied_at: Date.now() })
        .execute();
    }
    return namesOf(pending);
  });
}

/** Runs `work` in a transaction that no other migrator is in, on either database. */
async function underLock<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const sqlite = runner.connection.options.type === 'sqlite';
  // SQLite's table API rebuilds tables; with foreign keys on that would delete what refers to them.
  if (sqlite) await runner.query('PRAGMA foreign_keys = OFF');
  await runner.startTransaction();
  try {
    if (!sqlite) await takePostgresLock(runner);
    const result = await work();
    if (sqlite) await checkForeignKeys(runner);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

async function takePostgresLock(runner: QueryRunner): Promise<void> {
  const deadline = Date.now() + MIGRATION_LOCK_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const rows = (await runner.query(
      `SELECT pg_try_advisory_xact_lock(${POSTGRES_LOCK}) AS locked`,
    )) as { locked: boolean }[];
    if (rows[0]?.locked) return;
    await delay(LOCK_POLL_MS);
  }
  throw new DatabaseError(
    'Another instance has been migrating the database for two minutes. Try again when it is done.',
  );
}

async function isUpToDate(runner: QueryRunner, migrations: Migration[]): Promise<boolean> {
  if (!(await runner.hasTable(TABLE))) return false;
  return (await findPending(runner, migrations)).length === 0;
}

async function findPending(runner: QueryRunner, migrations: Migration[]): Promise<Migration[]> {
  const executed = await executedNames(runner);
  const known = new Set(namesOf(migrations));
  const unknown = executed.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new DatabaseError(
      `The database was written by a newer version of LLM Proxy (it has ${unknown.join(', ')}). ` +
        'Nothing was changed: start that version, or restore a backup made by this one.',
    );
  }
  const done = new Set(executed);
  return migrations.filter(({ name }) => !done.has(name));
}

async function executedNames(runner: QueryRunner): Promise<string[]> {
  if (!(await runner.hasTable(TABLE))) {
    await refuseForeignTables(runner);
    return [];
  }
  const rows = (await runner.query(`SELECT name FROM ${TABLE} ORDER BY name`)) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}

/** Without our table of migrations any other table belongs to somebody else. */
async function refuseForeignTables(runner: QueryRunner): Promise<void> {
  const rows = (await runner.query(
    runner.connection.options.type === 'sqlite'
      ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 3`
      : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() LIMIT 3`,
  )) as { name: string }[];
  if (rows.length === 0) return;
  throw new DatabaseError(
    `The database holds tables of another application (${rows.map(({ name }) => name).join(', ')}). ` +
      'Nothing was changed: give LLM Proxy a database of its own.',
  );
}

async function checkForeignKeys(runner: QueryRunner): Promise<void> {
  const rows = (await runner.query('PRAGMA foreign_key_check')) as { table: string }[];
  if (rows[0])
    throw new DatabaseError(`Rows of "${rows[0].table}" refer to rows that do not exist.`);
}

function migrationFailed(cause: unknown, file: string | undefined): DatabaseError {
  if (file !== undefined && isBroken(cause)) return corrupt(file, cause);
  return new DatabaseError(
    `The database could not be migrated (${codeOf(cause) ?? 'see the cause'}). Nothing was changed.`,
    cause,
  );
}

function migrationsTable(): Table {
  return new Table({
    name: TABLE,
    columns: [
      { name: 'name', type: 'varchar', length: '100', isPrimary: true },
      { name: 'applied_at', type: 'bigint' },
    ],
  });
}

function namesOf(migrations: readonly Migration[]): string[] {
  return migrations.map(({ name }) => name);
}
