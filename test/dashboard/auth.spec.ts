import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JwtService } from '@nestjs/jwt';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { UsersService } from '../../src/auth/people/users.service.js';
import { SessionCleanUp } from '../../src/auth/sessions/session-clean-up.js';
import { SetupService } from '../../src/auth/setup/setup.service.js';
import type { LoginView } from '../../src/dashboard/auth/auth.view.js';
import {
  addPerson,
  type Answer,
  DashboardClient,
  PASSWORD,
  signInAs,
} from '../support/dashboard-client.js';
import { TestApp } from '../support/test-app.js';

const CSRF = { 'x-llm-proxy-csrf': '1' };
const EMAIL = 'ada@example.com';

let app: TestApp;
let adaId: string;

beforeAll(async () => {
  app = await TestApp.start({ env: { LOG_LEVEL: 'trace' } });
  await signInAs(app, 'admin');
  adaId = await addPerson(app, 'operator', EMAIL);
});

afterAll(() => app.close());
afterEach(() => vi.useRealTimers());

const database = () => app.app.get<DataSource>(getDataSourceToken());
const service = <T>(type: new (...args: never[]) => T): T =>
  app.app.get<T>(type, { strict: false });

async function signedIn(email = EMAIL): Promise<DashboardClient> {
  const client = new DashboardClient(app.url);
  expect(await client.login(email)).toMatchObject({ status: 200 });
  return client;
}

/** A route that every person may use. */
const probe = (client: DashboardClient) => client.send('GET', 'auth/sessions');

async function actions(): Promise<string[]> {
  const rows: { action: string; actor_name: string }[] = await database().query(
    'SELECT action, actor_name FROM audit_entries ORDER BY id',
  );
  return rows.map(({ action, actor_name }) => `${action} by ${actor_name}`);
}

const at = (ms: number) => {
  // Only the clock: sockets and timers go on.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
};

describe('POST /api/auth/login', () => {
  it('gives a token for ten minutes, who it is, and the refresh cookie', async () => {
    const client = new DashboardClient(app.url);
    const { status, body, headers } = await client.login(' ADA@Example.com ');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        accessToken: expect.stringMatching(/^eyJ/) as string,
        expiresIn: 600,
        mustChangePassword: false,
        user: { id: adaId, email: EMAIL, name: EMAIL, role: 'operator', mustChangePassword: false },
      },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(client.setCookie).toMatch(/; Path=\/api\/auth; Expires=.*; HttpOnly; SameSite=Strict$/);
    expect((await probe(client)).status).toBe(200);
    expect(await actions()).toContain(`session.create by ${EMAIL}`);
  });

  it('says that the cookie needs TLS where the browser is elsewhere', async () => {
    const body = { email: EMAIL, password: PASSWORD };
    const proxied = await TestApp.start({ dataDir: app.dataDir, env: { TRUST_PROXY: 'loopback' } });
    const behind = new DashboardClient(proxied.url);
    for (const [name, value] of [
      ['x-forwarded-proto', 'https'],
      ['x-forwarded-host', 'llm.example.com'],
    ] as const) {
      await behind.send('POST', 'auth/login', body, { [name]: value });
      expect(behind.setCookie).toContain('; Secure');
    }
    await proxied.close();
  });

  it('signs what it says with one algorithm, and says all that is needed', async () => {
    const { accessToken } = await signedIn();
    const [head, claims] = (accessToken as string)
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object);
    expect(head).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(claims).toEqual({
      iss: 'llm-proxy',
      aud: 'llm-proxy-dashboard',
      sub: adaId,
      sid: expect.stringMatching(/^session_/) as string,
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: (claims as { iat: number }).iat + 600,
    });
  });

  it('answers an unknown address, a wrong password and a disabled account alike', async () => {
    const id = await addPerson(app, 'viewer', 'gone@example.com');
    await service(UsersService).update(id, { isActive: false });
    const answers = [
      await new DashboardClient(app.url).login('nobody@example.com'),
      await new DashboardClient(app.url).login('viewer2@example.com', 'wrong'),
      await new DashboardClient(app.url).login('gone@example.com'),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 401, body: answers[0]?.body });
    }
    expect(answers[0]?.body).toMatchObject({
      error: { type: 'authentication_error', code: 'invalid_credentials' },
    });
  });

  it('refuses what a page of another site sends', async () => {
    const body = { email: EMAIL, password: PASSWORD };
    const send = (origin: string) =>
      new DashboardClient(app.url).send('POST', 'auth/login', body, { origin });
    for (const origin of ['https://evil.example', 'null', `${app.url}0`]) {
      expect(await send(origin)).toMatchObject({
        status: 403,
        body: { error: { code: 'cross_site_request' } },
      });
    }
    expect(await send(app.url)).toMatchObject({ status: 200 });
  });
});

describe('guesses', () => {
  const guess = (email: string) => new DashboardClient(app.url).login(email, 'wrong password');
  const statuses = (answers: Answer<unknown>[]) => answers.map(({ status }) => status);

  it.each(['guessed@example.com', 'does-not-exist@example.com'])(
    'of %s are checked five times in fifteen minutes at most, however many come at once',
    async (email) => {
      if (email.startsWith('guessed')) await addPerson(app, 'viewer', email);
      const answers = await Promise.all(Array.from({ length: 20 }, () => guess(email)));
      expect(statuses(answers).filter((status) => status === 401)).toHaveLength(5);
      expect(statuses(answers).filter((status) => status === 429)).toHaveLength(15);

      const refused = await new DashboardClient(app.url).login(email);
      expect(refused).toMatchObject({
        status: 429,
        body: { error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } },
      });
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(14 * 60);
      expect(wait).toBeLessThanOrEqual(15 * 60);

      at(15 * 60_000 + 1_000);
      expect((await new DashboardClient(app.url).login(email)).status).toBe(
        email.startsWith('guessed') ? 200 : 401,
      );
    },
  );

  it('wait longer after each that failed, and are forgotten after the right one', async () => {
    const email = 'forgetful@example.com';
    await addPerson(app, 'viewer', email);
    let now = 0;
    for (const seconds of [1, 2, 4, 8]) {
      expect((await guess(email)).status).toBe(401);
      const { status, headers } = await guess(email);
      expect({ status, wait: Number(headers.get('retry-after')) }).toEqual({
        status: 429,
        wait: seconds,
      });
      vi.useRealTimers();
      at((now += seconds * 1_000));
    }
    await signedIn(email);
    expect((await guess(email)).status).toBe(401);
    expect((await guess(email)).headers.get('retry-after')).toBe('1');
  });

  it('of many accounts from one address are fifty in fifteen minutes', async () => {
    const other = await TestApp.start();
    const answers: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      const { status } = await new DashboardClient(other.url).login(
        `${index}@example.com`,
        'wrong',
      );
      answers.push(status);
    }
    expect(answers.filter((status) => status === 401)).toHaveLength(50);
    expect(new Set(answers.slice(50))).toEqual(new Set([429]));
    await other.close();
  });
});

describe('an access token', () => {
  const claims = (sid: string) => ({
    iss: 'llm-proxy',
    aud: 'llm-proxy-dashboard',
    sub: adaId,
    sid,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 600,
  });

  async function statusOf(token: string): Promise<{ status: number; code: unknown }> {
    const client = new DashboardClient(app.url);
    client.accessToken = token;
    const { status, body } = await probe(client);
    return { status, code: (body['error'] as { code?: string } | undefined)?.code };
  }

  const REFUSED = { status: 401, code: 'session_invalid' };

  it('is good only with every claim, the right ones, and our signature', async () => {
    const client = await signedIn();
    const { body } = await probe(client);
    const sid = (body['items'] as { id: string; isCurrent: boolean }[]).find(
      ({ isCurrent }) => isCurrent,
    )?.id as string;
    const jwt = service(JwtService);
    const sign = (change: object) =>
      jwt.sign(JSON.parse(JSON.stringify({ ...claims(sid), ...change })) as object);
    expect(await statusOf(sign({}))).toMatchObject({ status: 200 });
    for (const name of ['iss', 'aud', 'sub', 'sid', 'jti', 'exp']) {
      expect(await statusOf(sign({ [name]: undefined })), name).toEqual(REFUSED);
    }
    const { iat: _, ...timeless } = claims(sid);
    expect(await statusOf(jwt.sign(timeless, { noTimestamp: true }))).toEqual(REFUSED);
    for (const wrong of [
      { iss: 'somebody' },
      { aud: 'llm-proxy-oidc' },
      { sub: 'user_other' },
      { sid: 'session_other' },
      { exp: claims(sid).iat - 1 },
      { iat: claims(sid).iat - 601 },
    ]) {
      expect(await statusOf(sign(wrong)), JSON.stringify(wrong)).toEqual(REFUSED);
    }
    expect(await statusOf(jwt.sign(claims(sid), { algorithm: 'HS512' }))).toEqual(REFUSED);
    expect(await statusOf(jwt.sign(claims(sid), { secret: 'x'.repeat(44) }))).toEqual(REFUSED);
    const none = [{ alg: 'none', typ: 'JWT' }, claims(sid)]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    expect(await statusOf(`${none}.`)).toEqual(REFUSED);
    expect(await statusOf(sign({}).slice(0, -2))).toEqual(REFUSED);
  });

  it('ends after ten minutes', async () => {
    const client = await signedIn();
    at(599_000);
    expect((await probe(client)).status).toBe(200);
    vi.useRealTimers();
    at(601_000);
    expect(await probe(client)).toMatchObject({
      status: 401,
      body: { error: { code: 'session_invalid' } },
    });
    expect((await client.refresh()).status).toBe(200);
    expect((await probe(client)).status).toBe(200);
  });

  it('opens nothing of the client API', async () => {
    const { accessToken } = await signedIn();
    const answer = await fetch(`${app.url}/v1/models`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
  });
});

describe('POST /api/auth/refresh', () => {
  it('gives the next token and takes the one before', async () => {
    const client = await signedIn();
    const first = client.cookie;
    expect((await client.refresh()).body).toMatchObject({ expiresIn: 600, user: { id: adaId } });
    expect(client.cookie).not.toBe(first);
    expect((await probe(client)).status).toBe(200);
    expect((await client.refresh()).status).toBe(200);
  });

  it('gives two tabs that refresh at once the same next token', async () => {
    const client = await signedIn();
    const tabs = Array.from({ length: 8 }, () => {
      const tab = new DashboardClient(app.url);
      tab.cookie = client.cookie;
      return tab;
    });
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(tabs.map(({ cookie }) => cookie)).size).toBe(1);
    const [tab] = tabs as [DashboardClient];
    expect((await tab.refresh()).status).toBe(200);
  });

  it.each([
    ['once the next one was used', 0, true],
    ['after ten seconds', 11_000, false],
  ])('ends the session for everybody when a token is used again %s', async (_, wait, useNext) => {
    const client = await signedIn();
    const thief = new DashboardClient(app.url);
    thief.cookie = client.cookie;
    await client.refresh();
    if (useNext) await client.refresh();
    at(wait);
    expect(await thief.refresh()).toMatchObject({
      status: 401,
      body: { error: { code: 'session_invalid' } },
    });
    expect(thief.cookie).toBeUndefined();
    expect((await probe(client)).status).toBe(401);
    expect((await client.refresh()).status).toBe(401);
    expect(await actions()).toContain(`session.end by ${EMAIL}`);
    const [row]: { after: string }[] = await database().query(
      `SELECT after FROM audit_entries WHERE action = 'session.end' ORDER BY id DESC LIMIT 1`,
    );
    expect(JSON.parse(row?.after ?? '')).toEqual({ reason: 'refresh_token_reused' });
  });

  it('wants its own header, and no other origin', async () => {
    const client = await signedIn();
    const cookie = client.cookie;
    const refused: Record<string, string>[] = [
      {},
      { 'x-llm-proxy-csrf': '0' },
      { ...CSRF, origin: 'https://evil.example' },
    ];
    for (const headers of refused) {
      for (const path of ['auth/refresh', 'auth/logout']) {
        expect(await client.send('POST', path, undefined, headers)).toMatchObject({
          status: 403,
          body: { error: { code: 'cross_site_request' } },
        });
      }
    }
    expect(client.cookie).toBe(cookie);
    expect((await client.refresh()).status).toBe(200);
  });

  it('refuses what is no token', async () => {
    const client = new DashboardClient(app.url);
    for (const cookie of [undefined, 'x', 'A'.repeat(43), "' OR 1=1 --"]) {
      client.cookie = cookie;
      expect((await client.refresh()).status).toBe(401);
    }
  });

  it('ends a session that nobody used for a week, and any after thirty days', async () => {
    const client = await signedIn();
    at(7 * 86_400_000 + 1_000);
    expect((await client.refresh()).status).toBe(401);
    vi.useRealTimers();
    const daily = await signedIn();
    const answers: number[] = [];
    for (let day = 1; day <= 31; day += 5) {
      at(day * 86_400_000);
      answers.push((await daily.refresh()).status);
      vi.useRealTimers();
    }
    expect(answers).toEqual([200, 200, 200, 200, 200, 200, 401]);
  });
});

describe('POST /api/auth/logout', () => {
  it('ends the session at once, for its access token too', async () => {
    const client = await signedIn();
    const { accessToken, cookie } = client;
    expect((await client.logout()).status).toBe(204);
    expect(client.cookie).toBeUndefined();
    client.cookie = cookie;
    client.accessToken = accessToken;
    expect((await probe(client)).status).toBe(401);
    expect((await client.refresh()).status).toBe(401);
    expect((await client.logout()).status).toBe(204);
  });

  it('needs the cookie only, when the access token is too old', async () => {
    const client = await signedIn();
    const { cookie } = client;
    client.accessToken = undefined;
    expect((await client.logout()).status).toBe(204);
    client.cookie = cookie;
    expect((await client.refresh()).status).toBe(401);
  });
});

describe('GET /api/auth/status', () => {
  const status = async (client: DashboardClient) => (await client.send('GET', 'auth/status')).body;

  it('says who is signed in, by token or cookie, and really looks', async () => {
    const client = await signedIn();
    const { accessToken, cookie } = client;
    const known = {
      signedIn: true,
      setupRequired: false,
      oidc: { enabled: false, label: null },
      user: { id: adaId, email: EMAIL, name: EMAIL, role: 'operator', mustChangePassword: false },
    };
    expect(await status(client)).toEqual(known);
    client.accessToken = undefined;
    expect(await status(client)).toEqual(known);
    // Looking is not using.
    expect((await client.refresh()).status).toBe(200);
    await client.logout();
    const unknown = {
      signedIn: false,
      setupRequired: false,
      oidc: { enabled: false, label: null },
    };
    client.accessToken = accessToken;
    client.cookie = cookie;
    expect(await status(client)).toEqual(unknown);
    expect(await status(new DashboardClient(app.url))).toEqual(unknown);
  });

  it('is not opened by an API key', async () => {
    const client = new DashboardClient(app.url);
    client.accessToken = app.adminKey;
    expect(await status(client)).toMatchObject({ signedIn: false });
  });
});

describe('POST /api/auth/change-password', () => {
  const change = (client: DashboardClient, currentPassword: string, newPassword: string) =>
    client.send('POST', 'auth/change-password', { currentPassword, newPassword });

  it('is all that somebody with a temporary password may do', async () => {
    const { user, temporaryPassword } = await service(UsersService).create({
      email: 'new@example.com',
      name: 'New',
      role: 'admin',
    });
    const client = new DashboardClient(app.url);
    expect(await client.login(user.email, temporaryPassword ?? '')).toMatchObject({
      status: 200,
      body: { mustChangePassword: true, user: { mustChangePassword: true } },
    });
    for (const path of ['users', 'auth/sessions', 'limits', 'usage/export']) {
      expect(await client.send('GET', path)).toMatchObject({
        status: 403,
        body: { error: { type: 'permission_error', code: 'password_change_required' } },
      });
    }
    expect((await client.send('GET', 'auth/status')).body).toMatchObject({ signedIn: true });
    expect((await client.refresh()).body).toMatchObject({ mustChangePassword: true });
    const body = { currentPassword: temporaryPassword, newPassword: temporaryPassword };
    expect(await client.send('POST', 'auth/change-password', body)).toMatchObject({
      status: 400,
      body: { error: { param: 'newPassword' } },
    });
    expect((await change(client, temporaryPassword ?? '', PASSWORD)).status).toBe(204);
    expect((await client.send('GET', 'users')).status).toBe(200);
    expect((await new DashboardClient(app.url).login(user.email)).body).toMatchObject({
      mustChangePassword: false,
    });
    const old = await new DashboardClient(app.url).login(user.email, temporaryPassword ?? '');
    expect(old.status).toBe(401);
  });

  it('ends the other sessions, and stays signed in', async () => {
    const email = 'changes@example.com';
    await addPerson(app, 'viewer', email);
    const [here, there] = [await signedIn(email), await signedIn(email)];
    expect((await change(here, PASSWORD, `${PASSWORD}-2`)).status).toBe(204);
    expect((await probe(here)).status).toBe(200);
    expect((await here.refresh()).status).toBe(200);
    expect((await probe(there)).status).toBe(401);
    expect((await there.refresh()).status).toBe(401);
  });

  it('counts a wrong present password as a guess', async () => {
    const email = 'stolen@example.com';
    await addPerson(app, 'viewer', email);
    const client = await signedIn(email);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => change(client, 'wrong', `${PASSWORD}-3`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  it('refuses a password that is easily guessed', async () => {
    const client = await signedIn();
    for (const weak of ['short', 'password12345', 'ada@example.com', 'aaaaaaaaaaaaaaaa']) {
      expect(await change(client, PASSWORD, weak)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_value', param: 'newPassword' } },
      });
    }
  });
});

describe('/api/auth/sessions', () => {
  interface Shown {
    id: string;
    isCurrent: boolean;
    userAgent: string | null;
  }
  const list = async (client: DashboardClient): Promise<Shown[]> =>
    (await probe(client)).body['items'] as Shown[];

  it('shows one their own, and ends one of them everywhere', async () => {
    const email = 'lists@example.com';
    await addPerson(app, 'viewer', email);
    const [here, there] = [await signedIn(email), await signedIn(email)];
    const sessions = await list(here);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(here.cookie);
    const other = sessions.find(({ isCurrent }) => !isCurrent) as Shown;
    expect(other).toEqual({
      id: expect.stringMatching(/^session_[0-9a-f]{32}$/) as string,
      createdAt: expect.stringMatching(/Z$/) as string,
      lastUsedAt: expect.stringMatching(/Z$/) as string,
      expiresAt: expect.stringMatching(/Z$/) as string,
      address: expect.stringContaining('127.0.0.1') as string,
      userAgent: 'node',
      isCurrent: false,
    });
    expect((await here.send('DELETE', `auth/sessions/${other.id}`)).status).toBe(204);
    expect((await probe(there)).status).toBe(401);
    expect((await here.send('DELETE', `auth/sessions/${other.id}`)).status).toBe(404);
    expect(await list(here)).toHaveLength(1);
  });

  it('has those of others not at all', async () => {
    const [ada, viewer] = [await signedIn(), await signInAs(app, 'viewer')];
    const [session] = await list(ada);
    expect((await viewer.send('DELETE', `auth/sessions/${session?.id}`)).status).toBe(404);
    expect((await probe(ada)).status).toBe(200);
  });
});

describe('what ends access', () => {
  /** Another process with the same database, as far as caches go. */
  let second: TestApp;

  beforeAll(async () => {
    second = await TestApp.start({ dataDir: app.dataDir });
  });
  afterAll(() => second.close());

  const there = (client: DashboardClient): DashboardClient => {
    const other = new DashboardClient(second.url);
    other.accessToken = client.accessToken;
    return other;
  };
  const WITHIN = { timeout: 2_000, interval: 50 };

  it.each([
    [
      'a role that is taken',
      (id: string) => service(UsersService).update(id, { role: 'viewer' }),
      403,
    ],
    [
      'an account that is disabled',
      (id: string) => service(UsersService).update(id, { isActive: false }),
      401,
    ],
    ['an account that is removed', (id: string) => service(UsersService).remove(id), 401],
    ['a password that is reset', (id: string) => service(UsersService).resetPassword(id), 401],
  ])('is in force within two seconds in every process: %s', async (name, change, status) => {
    const email = `${name.replaceAll(' ', '-')}@example.com`;
    const id = await addPerson(app, 'admin', email);
    const client = await signedIn(email);
    const elsewhere = there(client);
    expect((await client.send('GET', 'users')).status).toBe(200);
    expect((await elsewhere.send('GET', 'users')).status).toBe(200);
    await change(id);
    expect((await client.send('GET', 'users')).status).toBe(status);
    await expect
      .poll(async () => (await elsewhere.send('GET', 'users')).status, WITHIN)
      .toBe(status);
  });

  it('is in force within two seconds in every process: a logout', async () => {
    const client = await signedIn();
    const elsewhere = there(client);
    expect((await probe(elsewhere)).status).toBe(200);
    await client.logout();
    await expect.poll(async () => (await probe(elsewhere)).status, WITHIN).toBe(401);
  });
});

describe('secrets', () => {
  it('are in no log line and not in the database', async () => {
    const client = await signedIn();
    const earlier = [client.accessToken, client.cookie];
    await client.refresh();
    const typed = `canary-${randomUUID()}`;
    await new DashboardClient(app.url).login(typed, `${typed}-password`);
    await client.send('POST', 'auth/change-password', {
      currentPassword: PASSWORD,
      newPassword: `${typed}-canary-next`,
    });
    await client.send('POST', 'auth/change-password', {
      currentPassword: `${typed}-canary-next`,
      newPassword: PASSWORD,
    });
    const secrets = [...earlier, client.accessToken, client.cookie, PASSWORD, typed] as string[];
    const files = (await readdir(app.dataDir)).filter((name) => name.includes('sqlite'));
    const texts = await Promise.all(
      files.map((name) => readFile(join(app.dataDir, name), 'latin1')),
    );
    expect(app.logLines.length).toBeGreaterThan(20);
    for (const text of [...app.logLines, ...texts]) {
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    }
  });
});

describe(SessionCleanUp.name, () => {
  it('removes sessions that expired, their tokens, and guesses that no longer count', async () => {
    await signedIn();
    await new DashboardClient(app.url).login('swept@example.com', 'wrong');
    const count = async (table: string) => {
      const [row]: { count: number }[] = await database().query(
        `SELECT COUNT(*) AS count FROM ${table}`,
      );
      return Number(row?.count);
    };
    const tables = ['sessions', 'refresh_tokens', 'sign_in_guesses'];
    await service(SessionCleanUp).sweep();
    for (const table of tables) expect(await count(table)).toBeGreaterThan(0);
    await service(SessionCleanUp).sweep(Date.now() + 31 * 86_400_000);
    for (const table of tables) expect(await count(table)).toBe(0);
  });
});

describe('POST /api/auth/setup', () => {
  const admin = { email: 'first@example.com', name: 'First', password: PASSWORD };
  let fresh: TestApp;
  let token: string;

  beforeAll(async () => {
    fresh = await TestApp.start();
    token = (await fresh.app.get(SetupService).renewToken())?.reveal() ?? '';
  });
  afterAll(() => fresh.close());

  const setUp = (body: object): Promise<Answer<LoginView>> =>
    new DashboardClient(fresh.url).setUp(body);

  it('is needed while there is no administrator', async () => {
    const { body } = await new DashboardClient(fresh.url).send('GET', 'auth/status');
    expect(body).toMatchObject({ signedIn: false, setupRequired: true });
  });

  it('gives processes that start together one token, and later ones another', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 5 }, () => fresh.app.get(SetupService).renewToken()),
    );
    expect(new Set(tokens.map((one) => one?.reveal()))).toEqual(new Set([token]));
    at(61_000);
    const later = (await fresh.app.get(SetupService).renewToken())?.reveal();
    expect(later).not.toBe(token);
    expect(await setUp({ ...admin, token })).toMatchObject({
      status: 403,
      body: { error: { code: 'setup_token_invalid' } },
    });
    token = later ?? '';
  });

  it('refuses a token that is none or too old, and a weak password', async () => {
    for (const wrong of ['', 'x', 'A'.repeat(43)]) {
      expect((await setUp({ ...admin, token: wrong })).status).toBe(403);
    }
    at(25 * 3_600_000);
    expect((await setUp({ ...admin, token })).status).toBe(403);
    vi.useRealTimers();
    expect(await setUp({ ...admin, token, password: 'password1234' })).toMatchObject({
      status: 400,
      body: { error: { param: 'password' } },
    });
    expect(await setUp({ ...admin, token, email: 'nobody' })).toMatchObject({
      status: 400,
      body: { error: { param: 'email' } },
    });
  });

  it('makes exactly one administrator of ten at once, and signs them in', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        setUp({ ...admin, token, email: `first-${index}@example.com` }),
      ),
    );
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(9);
    expect(winner?.body).toMatchObject({
      mustChangePassword: false,
      user: { name: 'First', role: 'admin' },
    });
    expect(await fresh.app.get(SetupService).renewToken()).toBeUndefined();
    const client = new DashboardClient(fresh.url);
    client.accessToken = winner?.body.accessToken;
    expect((await client.send('GET', 'users')).body['items']).toHaveLength(1);
  });
});

describe('ADMIN_EMAIL and ADMIN_PASSWORD', () => {
  const env = { ADMIN_EMAIL: 'Root@Example.com', ADMIN_PASSWORD: PASSWORD };

  it('make the first administrator once, who keeps the password', async () => {
    const first = await TestApp.start({ env });
    const client = new DashboardClient(first.url);
    expect((await client.login('root@example.com')).body).toMatchObject({
      mustChangePassword: false,
      user: { role: 'admin' },
    });
    expect(await first.app.get(SetupService).renewToken()).toBeUndefined();
    const change = { currentPassword: PASSWORD, newPassword: `${PASSWORD}-2` };
    expect((await client.send('POST', 'auth/change-password', change)).status).toBe(204);
    // Two more over the same database, at once.
    const more = await Promise.all(
      [1, 2].map(() => TestApp.start({ env, dataDir: first.dataDir })),
    );
    expect((await client.send('GET', 'users')).body['items']).toHaveLength(1);
    expect((await new DashboardClient(first.url).login('root@example.com')).status).toBe(401);
    for (const one of [...more, first]) await one.close();
  });

  it('make one of two processes that start at once', async () => {
    const seed = await TestApp.start();
    const both = await Promise.all([1, 2].map(() => TestApp.start({ env, dataDir: seed.dataDir })));
    const users = await seed.app.get(UsersService, { strict: false }).list();
    expect(users.map(({ email }) => email)).toEqual(['root@example.com']);
    for (const one of [...both, seed]) await one.close();
  });

  it('stop the start when the password is one that is tried first', async () => {
    const start = TestApp.start({ env: { ...env, ADMIN_PASSWORD: 'administrator123' } });
    await expect(start).rejects.toThrow(/ADMIN_PASSWORD: is one of those that are tried first/);
  });
});
