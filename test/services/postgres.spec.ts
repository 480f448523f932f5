import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ANALYTICS, dataSourceOptions } from '../../src/database/data-source-options.js';
import { DatabaseUnavailableError } from '../../src/database/database-errors.js';
import type { DatabaseSettings } from '../../src/database/database-settings.js';
import { migrate, revertLast } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations/migrations.js';
import { describeGroupCommit, TOPICS } from '../support/group-commit-behaviour.js';
import { describeInsertRows } from '../support/insert-rows-behaviour.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

const NAMES = MIGRATIONS.map((type) => new type().name);

describe('PostgreSQL', () => {
  let server: TestPostgres;

  beforeEach(async () => {
    server = await createTestPostgres();
  });

  afterEach(() => server.drop());

  describe('migrations', () => {
    const settings = (): DatabaseSettings => ({
      url: server.url,
      dataDir: '/nowhere',
      synchronous: 'NORMAL',
      maxQueuedWrites: 100,
    });

    const query = async (sql: string): Promise<Record<string, unknown>[]> => {
      const source = await new DataSource(dataSourceOptions(settings(), 'writer')).initialize();
      try {
        return await source.query(sql);
      } finally {
        await source.destroy();
      }
    };

    const tables = async (): Promise<unknown[]> =>
      (
        await query(
          `SELECT table_name AS name FROM information_schema.tables
           WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
        )
      ).map(({ name }) => name);

    it('go up, down and up again', async () => {
      expect(await migrate(settings())).toEqual({ applied: NAMES, pending: [] });
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
        'usage_prices',
        'usage_rollups',
        'users',
      ]);
      for (const name of NAMES.toReversed()) expect(await revertLast(settings())).toBe(name);
      expect(await tables()).toEqual(['llm_proxy_migrations']);
      expect(await migrate(settings())).toEqual({ applied: NAMES, pending: [] });
      expect(await migrate(settings())).toEqual({ applied: [], pending: [] });
    });

    it('are run by exactly one of several instances', async () => {
      const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(settings())));
      expect(reports.flatMap(({ applied }) => applied)).toEqual(NAMES);
    });

    it('are listed by a dry run', async () => {
      expect(await migrate(settings(), { dryRun: true })).toEqual({ applied: [], pending: NAMES });
      expect(await tables()).toEqual([]);
    });

    it('refuse tables of another application', async () => {
      await query('CREATE TABLE theirs (id int)');
      await expect(migrate(settings())).rejects.toThrow(/another application \(theirs\)/);
      expect(await tables()).toEqual(['theirs']);
    });

    it('refuse a newer schema', async () => {
      await migrate(settings());
      await query(`INSERT INTO llm_proxy_migrations VALUES ('9999-of-the-future', 1)`);
      await expect(migrate(settings())).rejects.toThrow(/newer version.*9999-of-the-future/);
    });
  });

  describe('with the writer', () => {
    let proxy: TcpProxy;
    let database: TestDatabase;

    beforeEach(async () => {
      proxy = await TcpProxy.open(server.url);
      database = await openTestDatabase([], { url: proxy.url, maxQueuedWrites: 2_000 });
    });

    afterEach(async () => {
      proxy.mend();
      await database.close();
      await proxy.close();
    });

    describeGroupCommit(() => database);
    describeInsertRows(() => database);

    const append = (topic: string): Promise<void> =>
      database.writer.append(TOPICS, { topic, revision: 1 });

    const topics = async (): Promise<unknown[]> =>
      (await database.reader.query('SELECT topic FROM revisions ORDER BY topic')).map(
        ({ topic }: { topic: string }) => topic,
      );

    it.each(['reader', ANALYTICS] as const)('lets %s write nothing', async (role) => {
      const source = await new DataSource(dataSourceOptions(database.settings, role)).initialize();
      await expect(source.query(`INSERT INTO revisions VALUES ('t', 1)`)).rejects.toThrow(
        /read-only/,
      );
      await source.destroy();
    });

    it('rejects as unavailable while the server is gone, and recovers', async () => {
      await append('before');
      proxy.cut();
      await expect(append('lost')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      await expect(append('lost')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      await expect(
        database.writer.transaction((manager) => manager.query('SELECT 1')),
      ).rejects.toBeInstanceOf(DatabaseUnavailableError);
      proxy.mend();
      await append('after');
      expect(await topics()).toEqual(['after', 'before']);
    });

    it('does not fail the first write after a connection was lost while idle', async () => {
      await append('before');
      await database.reader.query('SELECT 1');
      // Of all connections: another one than the writer's own may be told first.
      const { master } = database.writerSource.driver as unknown as {
        master: { _clients: { once(name: string, done: () => void): void }[] };
      };
      expect(master._clients).not.toHaveLength(0);
      const lost = Promise.all(
        master._clients.map(
          (client) => new Promise<void>((resolve) => client.once('end', resolve)),
        ),
      );
      const cutter = await createAdministrator(server.url);
      await cutter.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
        ['llm-proxy writer'],
      );
      await cutter.end();
      await lost;
      await append('after');
      expect(await topics()).toEqual(['after', 'before']);
    });

    it('rejects as unavailable while the server is frozen, and recovers', async () => {
      await append('before');
      proxy.freeze();
      await expect(append('slow')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      proxy.mend();
      await append('after');
      expect((await topics()).filter((topic) => topic !== 'slow')).toEqual(['after', 'before']);
    });

    it('writes nothing of a transaction whose connection is lost', async () => {
      await expect(
        database.writer.transaction(async (manager) => {
          await manager.query(`INSERT INTO revisions VALUES ('never', 1)`);
          proxy.cut();
          await manager.query('SELECT 1');
        }),
      ).rejects.toBeInstanceOf(DatabaseUnavailableError);
      proxy.mend();
      await append('after');
      expect(await topics()).toEqual(['after']);
    });
  });
});

async function createAdministrator(url: string) {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
