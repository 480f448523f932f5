import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

export interface TestPostgres {
  url: string;
  drop(): Promise<void>;
}

/** An empty database of its own on the server that `DATABASE_URL` names. */
export async function createTestPostgres(): Promise<TestPostgres> {
  const server = process.env['DATABASE_URL'];
  if (!server) throw new Error('DATABASE_URL must be set.');
  const name = `llm_proxy_test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
