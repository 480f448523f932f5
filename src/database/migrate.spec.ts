import { copyFile, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { DataSource, type QueryRunner, Table, TableColumn } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { holdLock } from '../../test/support/lock-holder.js';
import { openTestDatabase, temporarySettings } from '../../test/support/test-database.js';
import { dataSourceOptions, SQLITE_FILE_NAME } from './data-source-options.js';
import { DatabaseError } from './database-errors.js';
import type { DatabaseSettings } from './database-settings.js';
import { migrate, revertLast } from './migrate.js';
import type { Migration } from './migrations/migration.js';
import { MIGRATIONS } from './migrations/migrations.js';

const NAMES = MIGRATIONS.map((type) => new type().name);

class NextStep implements Migration {
  readonly name: string = '9001-next-step';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({ name: 'next_step', columns: [{ name: 'id', type: 'bigint', isPrimary: true }] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('next_step');
  }
}

class FailingStep extends NextStep {
  override readonly name = '9002-failing-step';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_done (id bigint)');
    await runner.query('SELECT * FROM no_such_table');
  }
}

describe(migrate, () => {
  let settings: DatabaseSettings;
  let file: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ settings, remove } = await temporarySettings());
    file = join(settings.dataDir, SQLITE_FILE_NAME);
  });

  afterEach(() => remove());

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const source = await new DataSource(dataSourceOptions(settings, 'writer')).initialize();
    try {
      return await source.query(sql);
    } finally {
      await source.destroy();
    }
  };

  const tables = async (): Promise<unknown[]> =>
    (await query(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)).map(
      ({ name }) => name,
    );

  const refusal = async (): Promise<DatabaseError> => {
    const error: unknown = await migrate(settings).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    return error as DatabaseError;
  };

  it('makes every table in an empty folder and finds nothing to do the next time', async () => {
    expect(await migrate(settings)).toEqual({ applied: NAMES, pending: [] });
    expect(await tables()).toEqual([
      'api_keys',
      'audit_entries',
      'budget_counters',
      'budget_grants',
      'budgets',
      'clients',
      'idempotency_records',
      'limit_rules',
      'live_tickets',
      'llm_proxy_migrations',
      'processes',
      'refresh_tokens',
      'request_bodies',
      'request_body_words',
      'request_body_words_config',
      'request_body_words_data',
      'request_body_words_docsize',
      'request_body_words_idx',
      'retention_horizons',
      'revisions',
      'sessions',
      'setup_tokens',
      'sign_in_guesses',
      'stored_objects',
      'stored_response_items',
      'stored_responses',
      'usage_entries',
      'usage_latencies',
      'usage_position',
      'usage_prices',
      'usage_rollups',
      'users',
    ]);
    expect(await migrate(settings)).toEqual({ applied: [], pending: [] });
    expect(await readdir(settings.dataDir)).toContain(SQLITE_FILE_NAME);
  });

  it('leaves no draft of the database file behind', async () => {
    await migrate(settings);
    expect((await readdir(settings.dataDir)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('takes every migration back', async () => {
    await migrate(settings);
    for (const name of NAMES.toReversed()) expect(await revertLast(settings)).toBe(name);
    expect(await tables()).toEqual(['llm_proxy_migrations']);
    expect(await revertLast(settings)).toBeUndefined();
    expect(await migrate(settings)).toEqual({ applied: NAMES, pending: [] });
  });

  it('lists what a dry run would do and creates nothing', async () => {
    expect(await migrate(settings, { dryRun: true })).toEqual({ applied: [], pending: NAMES });
    expect(await readdir(settings.dataDir)).toEqual([]);
    await migrate(settings);
    const migrations = [...MIGRATIONS, NextStep];
    expect(await migrate(settings, { dryRun: true, migrations })).toEqual({
      applied: [],
      pending: ['9001-next-step'],
    });
    expect(await tables()).not.toContain('next_step');
  });

  it('lets exactly one of several instances migrate', async () => {
    const reports = await Promise.all([1, 2, 3].map(() => migrate(settings)));
    expect(reports.flatMap(({ applied }) => applied)).toEqual(NAMES);
    expect(await query('SELECT name FROM llm_proxy_migrations')).toEqual(
      NAMES.map((name) => ({ name })),
    );
  });

  it('leaves nothing of a migration that fails', async () => {
    await migrate(settings);
    const migrations = [...MIGRATIONS, NextStep, FailingStep];
    await expect(migrate(settings, { migrations })).rejects.toThrow(/could not be migrated/);
    expect(await tables()).not.toContain('half_done');
    expect(await tables()).not.toContain('next_step');
    expect(await migrate(settings)).toEqual({ applied: [], pending: [] });
  });

  it('waits for a migrator and completes the work when that one is killed', async () => {
    await migrate(settings);
    for (const _ of MIGRATIONS) await revertLast(settings);
    const other = await holdLock(file, 'BEGIN IMMEDIATE; CREATE TABLE clients (half integer)');
    const waiting = migrate(settings);
    await other.kill();
    expect(await waiting).toEqual({ applied: NAMES, pending: [] });
    expect(await tables()).toContain('clients');
  });

  it('keeps rows that refer to others when a step rebuilds a table', async () => {
    class Rebuild extends NextStep {
      override async up(runner: QueryRunner): Promise<void> {
        await runner.changeColumn(
          'clients',
          'description',
          new TableColumn({ name: 'note', type: 'text', isNullable: true }),
        );
      }
    }
    await migrate(settings);
    await query(`INSERT INTO clients VALUES ('c', 'name', null, 'api', true, null, 1, 1, 0)`);
    await query(`INSERT INTO api_keys VALUES ('k', 'c', 'hash', 'client', 'api', 1, null, null)`);
    await migrate(settings, { migrations: [...MIGRATIONS, Rebuild] });
    expect(await query('SELECT client_id FROM api_keys')).toEqual([{ client_id: 'c' }]);
    expect(await query('SELECT id, note FROM clients')).toEqual([{ id: 'c', note: null }]);
  });

  it('refuses a schema newer than this build and names it', async () => {
    await migrate(settings, { migrations: [...MIGRATIONS, NextStep] });
    expect((await refusal()).message).toMatch(/newer version.*9001-next-step/);
    expect(await tables()).toContain('next_step');
  });

  it.each([
    ['text', Buffer.from('this is no database, it only has the name of one'), /not a SQLite/],
    ['nothing', Buffer.alloc(0), /not a SQLite database \(it is empty\)/],
    ['half a header', Buffer.from('SQLite format 3\0'), /another application/],
  ])('refuses a file that holds %s and leaves it as it is', async (_what, content, message) => {
    await writeFile(file, content);
    expect((await refusal()).message).toMatch(message);
    expect(await readFile(file)).toEqual(content);
    expect(await readdir(settings.dataDir)).toEqual([SQLITE_FILE_NAME]);
  });

  it('refuses the database of another application and leaves it as it is', async () => {
    const theirs = new DatabaseSync(file);
    theirs.exec('CREATE TABLE theirs (id)');
    theirs.close();
    const before = await readFile(file);
    expect((await refusal()).message).toMatch(/another application/);
    expect(await readFile(file)).toEqual(before);
  });

  it('refuses our file when it has tables but no record of migrations', async () => {
    await migrate(settings);
    await query('DROP TABLE llm_proxy_migrations');
    expect((await refusal()).message).toMatch(/tables of another application \(clients/);
  });

  it('refuses a file that is cut short', async () => {
    await migrate(settings);
    const { size } = await stat(file);
    await truncate(file, size - 4096);
    expect((await refusal()).message).toMatch(/cut short/);
    expect((await stat(file)).size).toBe(size - 4096);
  });

  it('refuses a file with damaged pages', async () => {
    await migrate(settings);
    const handle = await open(file, 'r+');
    await handle.write(Buffer.alloc(4096 * 4, 0xa5), 0, 4096 * 4, 4096);
    await handle.close();
    const error = await refusal();
    expect(error.message).toMatch(/damaged.*restore a backup/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('refuses to start anew beside the log of a database that is gone', async () => {
    const database = await openTestDatabase();
    await database.writerSource.query('INSERT INTO revisions VALUES (1, 1)');
    await copyFile(join(database.settings.dataDir, `${SQLITE_FILE_NAME}-wal`), `${file}-wal`);
    await database.close();
    expect((await refusal()).message).toMatch(/is missing although its log/);
    expect(await readdir(settings.dataDir)).toEqual([`${SQLITE_FILE_NAME}-wal`]);
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(settings.dataDir, 'occupied'), '');
    settings = { ...settings, dataDir: join(settings.dataDir, 'occupied') };
    expect((await refusal()).message).toMatch(/cannot be (created|reached)/);
  });

  it('says that a PostgreSQL server refuses its password or database', async () => {
    await rm(file, { force: true });
    settings = {
      ...settings,
      url: 'postgres://nobody:secret-word@127.0.0.1:1/none',
      connectWaitMs: 0,
    };
    const error = await refusal();
    expect(error.message).toMatch(/PostgreSQL cannot be used \(ECONNREFUSED\)/);
    expect(error.message).not.toContain('secret-word');
  });
});
