import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsersService } from '../../src/auth/people/users.service.js';
import { SetupService } from '../../src/auth/setup/setup.service.js';
import { addPerson, DashboardClient, PASSWORD } from '../support/dashboard-client.js';
import { TestApp } from '../support/test-app.js';

const SECRETS = { KEY_PEPPER: 'p'.repeat(40), JWT_SECRET: 'j'.repeat(40) };

/** Two replicas on a PostgreSQL database of their own; only the database is between them. */
describe('people on PostgreSQL', () => {
  const databaseName = `people_${randomUUID().replaceAll('-', '')}`;
  const serverUrl = process.env.DATABASE_URL ?? '';
  let server: DataSource;
  let replicas: TestApp[];

  beforeAll(async () => {
    server = await new DataSource({ type: 'postgres', url: serverUrl }).initialize();
    await server.query(`CREATE DATABASE ${databaseName}`);
    const url = new URL(serverUrl);
    url.pathname = databaseName;
    const start = () => TestApp.start({ env: { ...SECRETS, DATABASE_URL: url.href } });
    // The helper makes the same client for both.
    replicas = [await start(), await start()];
  });

  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await server.query(`DROP DATABASE ${databaseName} WITH (FORCE)`);
    await server.destroy();
  });

  const onEach = <T>(times: number, call: (replica: TestApp) => Promise<T>): Promise<T[]> =>
    Promise.all(replicas.flatMap((replica) => Array.from({ length: times }, () => call(replica))));

  const count = (answers: readonly { status: number }[], status: number) =>
    answers.filter((answer) => answer.status === status).length;

  it('have one set-up token, and one first administrator', async () => {
    const tokens = await onEach(5, (replica) => replica.app.get(SetupService).renewToken());
    const [token, ...others] = new Set(tokens.map((one) => one?.reveal()));
    expect(others).toEqual([]);
    let person = 0;
    const answers = await onEach(5, (replica) => {
      person += 1;
      const admin = { email: `admin-${person}@example.com`, name: 'Admin', password: PASSWORD };
      return new DashboardClient(replica.url).setUp({ token, ...admin });
    });
    expect(count(answers, 200)).toBe(1);
    expect(count(answers, 403)).toBe(9);
  });

  it('have five guesses over all replicas', async () => {
    const [first] = replicas as [TestApp, TestApp];
    await addPerson(first, 'viewer', 'guessed@example.com');
    for (const email of ['guessed@example.com', 'nobody@example.com']) {
      const answers = await onEach(10, (replica) =>
        new DashboardClient(replica.url).login(email, 'wrong'),
      );
      expect(count(answers, 401)).toBe(5);
      expect(count(answers, 429)).toBe(15);
    }
  });

  it('get one next token of many refreshes at once, and a reused one ends the session', async () => {
    const [first] = replicas as [TestApp, TestApp];
    await addPerson(first, 'viewer', 'refreshes@example.com');
    const client = new DashboardClient(first.url);
    await client.login('refreshes@example.com');
    const used = client.cookie;
    const next = await onEach(5, async (replica) => {
      const tab = new DashboardClient(replica.url);
      tab.cookie = used;
      return { ...(await tab.refresh()), cookie: tab.cookie };
    });
    expect(count(next, 200)).toBe(10);
    expect(new Set(next.map(({ cookie }) => cookie)).size).toBe(1);
    client.cookie = next[0]?.cookie;
    expect((await client.refresh()).status).toBe(200);
    const last = client.cookie;
    client.cookie = used;
    expect((await client.refresh()).status).toBe(401);
    client.cookie = last;
    expect((await client.refresh()).status).toBe(401);
  });

  it('keep one of two last administrators', async () => {
    const [first, second] = replicas as [TestApp, TestApp];
    const of = (replica: TestApp) => replica.app.get(UsersService, { strict: false });
    await addPerson(first, 'admin', 'second-admin@example.com');
    const admins = (await of(first).list()).filter(({ role }) => role === 'admin');
    expect(admins).toHaveLength(2);
    const outcomes = await Promise.allSettled(
      admins.map(({ id }, index) => of(index === 0 ? first : second).remove(id)),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('lose a role on one replica within two seconds of losing it on the other', async () => {
    const [first, second] = replicas as [TestApp, TestApp];
    const email = 'demoted@example.com';
    const id = await addPerson(first, 'admin', email);
    const client = new DashboardClient(second.url);
    await client.login(email);
    expect((await client.send('GET', 'users')).status).toBe(200);
    await first.app.get(UsersService, { strict: false }).update(id, { role: 'viewer' });
    await expect
      .poll(async () => (await client.send('GET', 'users')).status, { timeout: 2_000 })
      .toBe(403);
  });
});
