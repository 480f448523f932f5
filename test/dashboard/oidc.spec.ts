import type { IncomingMessage } from 'node:http';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UsersService } from '../../src/auth/people/users.service.js';
import { addPerson, DashboardClient, signInAs } from '../support/dashboard-client.js';
import { TestApp } from '../support/test-app.js';

type Claims = Record<string, unknown>;

let provider: OAuth2Server;
/** What the ID token says besides. */
let claims: Claims = {};
let userInfo: Claims = {};
const apps: TestApp[] = [];

beforeAll(async () => {
  provider = new OAuth2Server();
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, '127.0.0.1');
  provider.service.on(Events.BeforeTokenSigning, (token: { payload: Claims }) => {
    Object.assign(token.payload, claims);
  });
  provider.service.on(Events.BeforeUserinfo, (answer: { body: Claims }, _: IncomingMessage) => {
    answer.body = { ...answer.body, sub: claims['sub'], ...userInfo };
  });
});

afterEach(async () => {
  userInfo = {};
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => provider.stop());

async function start(env: Record<string, string> = {}): Promise<TestApp> {
  const app = await TestApp.start({
    env: {
      OIDC_ISSUER: provider.issuer.url as string,
      OIDC_CLIENT_ID: 'llm-proxy',
      OIDC_CLIENT_SECRET: 'canary-of-the-oidc-client',
      OIDC_LABEL: 'Example Login',
      ...env,
    },
  });
  apps.push(app);
  return app;
}

const users = (app: TestApp) => app.app.get(UsersService, { strict: false });

/** A browser that follows the way to the provider and back, with the cookies that it is given. */
class Browser extends DashboardClient {
  flow = '';

  /** Where the provider sends the browser back to. */
  async begin(): Promise<URL> {
    const started = await this.send('GET', 'auth/oidc/start');
    expect(started.status).toBe(302);
    const [cookie = ''] = started.headers.getSetCookie();
    expect(cookie).toMatch(
      /^llm_proxy_oidc=\S+; Max-Age=600; Path=\/api\/auth\/oidc; Expires=.*; HttpOnly; SameSite=Lax$/,
    );
    this.flow = cookie.slice(0, cookie.indexOf(';'));
    const location = new URL(started.headers.get('location') ?? '');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'llm-proxy',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      redirect_uri: `${this.url}/api/auth/oidc/callback`,
    });
    const answer = await fetch(location, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }

  /** The path that the browser ends at. */
  async comeBack(back: URL): Promise<string> {
    const path = `auth/oidc/callback${back.search}`;
    const answer = await this.send('GET', path, undefined, { cookie: this.flow });
    expect(answer.status).toBe(302);
    return answer.headers.get('location') ?? '';
  }

  async signIn(): Promise<string> {
    return this.comeBack(await this.begin());
  }
}

async function signIn(app: TestApp, given: Claims): Promise<{ at: string; browser: Browser }> {
  claims = { aud: 'llm-proxy', ...given };
  const browser = new Browser(app.url);
  const at = await browser.signIn();
  if (at === '/') expect((await browser.refresh()).status).toBe(200);
  return { at, browser };
}

const ADA = { sub: 'ada', email: 'Ada@Example.com', email_verified: true, name: 'Ada' };

describe('single sign-on', () => {
  it('makes an account at the first time and finds it again, whatever the address is then', async () => {
    const app = await start();
    const { body } = await new DashboardClient(app.url).send('GET', 'auth/status');
    expect(body['oidc']).toEqual({ enabled: true, label: 'Example Login' });
    const { at, browser } = await signIn(app, ADA);
    expect(at).toBe('/');
    expect(browser.user).toMatchObject({
      email: 'ada@example.com',
      name: 'Ada',
      role: 'viewer',
      mustChangePassword: false,
    });
    expect(browser.setCookie).toContain('SameSite=Strict');
    const again = await signIn(app, { ...ADA, email: 'countess@example.com' });
    expect(again.browser.user).toMatchObject({ id: browser.user?.id, email: 'ada@example.com' });
    expect(await users(app).list()).toMatchObject([{ oidcIssuer: provider.issuer.url }]);
    // It has no password that could be guessed.
    expect((await new DashboardClient(app.url).login('ada@example.com', '')).status).toBe(401);
    for (const line of app.logLines) expect(line).not.toContain('canary-of-the-oidc-client');
  });

  it('does not take the place of the first administrator', async () => {
    const app = await start();
    await signIn(app, ADA);
    const { body } = await new DashboardClient(app.url).send('GET', 'auth/status');
    expect(body).toMatchObject({ setupRequired: true });
  });

  it('links an account by a verified address, and never by another', async () => {
    const app = await start();
    const id = await addPerson(app, 'operator', 'ada@example.com');
    for (const email_verified of [false, undefined, 'no']) {
      expect(await signIn(app, { ...ADA, email_verified })).toMatchObject({
        at: '/login?error=oidc_email_unverified',
      });
    }
    expect((await signIn(app, ADA)).browser.user).toMatchObject({ id, role: 'operator' });
    // Who comes with the address later is not the one who was linked.
    expect((await signIn(app, { ...ADA, sub: 'mallory' })).at).toBe(
      '/login?error=oidc_not_allowed',
    );
    await signInAs(app, 'operator', 'ada@example.com');
  });

  it('refuses whoever is disabled here', async () => {
    const app = await start();
    const { browser } = await signIn(app, ADA);
    await users(app).update(browser.user?.id ?? '', { isActive: false });
    expect((await signIn(app, ADA)).at).toBe('/login?error=oidc_not_allowed');
  });

  it('wants an address', async () => {
    const app = await start();
    expect((await signIn(app, { sub: 'nameless' })).at).toBe('/login?error=oidc_email_unverified');
    userInfo = { email: 'info@example.com' };
    expect((await signIn(app, { sub: 'nameless' })).browser.user).toMatchObject({
      email: 'info@example.com',
    });
  });
});

describe('OIDC_ALLOWED_DOMAINS', () => {
  it('lets verified addresses of these domains in, and no others', async () => {
    const app = await start({ OIDC_ALLOWED_DOMAINS: 'example.com' });
    const refused = [
      [{ email: 'a@example.org' }, 'oidc_not_allowed'],
      [{ email: 'a@evil-example.com' }, 'oidc_not_allowed'],
      [{ email: 'a@sub.example.com' }, 'oidc_not_allowed'],
      [{ email_verified: false }, 'oidc_email_unverified'],
      [{ email: undefined }, 'oidc_email_unverified'],
    ] as const;
    for (const [change, reason] of refused) {
      expect((await signIn(app, { ...ADA, ...change })).at).toBe(`/login?error=${reason}`);
    }
    expect((await signIn(app, ADA)).at).toBe('/');
    expect(await users(app).list()).toHaveLength(1);
  });
});

describe('roles', () => {
  it('come from the claim at each sign-in', async () => {
    const app = await start({ OIDC_ROLE_CLAIM: 'realm_access.roles' });
    await signInAs(app, 'admin');
    const roleWith = async (roles: unknown) =>
      (await signIn(app, { ...ADA, realm_access: { roles } })).browser.user?.role;
    expect(await roleWith(['offline', 'operator', 'viewer'])).toBe('operator');
    expect(await roleWith(['admin'])).toBe('admin');
    expect(await roleWith('operator')).toBe('operator');
    expect(await roleWith(['Admin', 'superadmin'])).toBe('viewer');
    expect(await roleWith(undefined)).toBe('viewer');
  });

  it('are needed where there is no default', async () => {
    const app = await start({ OIDC_ROLE_CLAIM: 'groups', OIDC_DEFAULT_ROLE: 'none' });
    await signInAs(app, 'admin');
    expect((await signIn(app, ADA)).at).toBe('/login?error=oidc_not_allowed');
    expect((await signIn(app, { ...ADA, groups: ['admin'] })).browser.user?.role).toBe('admin');
    expect((await signIn(app, ADA)).at).toBe('/login?error=oidc_not_allowed');
  });

  it('leave the last administrator one', async () => {
    const app = await start({ OIDC_ROLE_CLAIM: 'groups' });
    expect((await signIn(app, { ...ADA, groups: 'admin' })).browser.user?.role).toBe('admin');
    expect((await signIn(app, { ...ADA, groups: 'viewer' })).browser.user?.role).toBe('admin');
  });

  it('are given here without a claim', async () => {
    const app = await start({ OIDC_DEFAULT_ROLE: 'operator' });
    const { browser } = await signIn(app, { ...ADA, groups: ['admin'] });
    expect(browser.user?.role).toBe('operator');
    await users(app).update(browser.user?.id ?? '', { role: 'admin' });
    expect((await signIn(app, ADA)).browser.user?.role).toBe('admin');
  });
});

describe('the way back', () => {
  it('is open only to the browser that began it, once, and with the same state', async () => {
    const app = await start();
    claims = { aud: 'llm-proxy', ...ADA };
    const browser = new Browser(app.url);
    const back = await browser.begin();

    const other = new Browser(app.url);
    expect(await other.comeBack(back)).toBe('/login?error=oidc_expired');
    other.flow = `${browser.flow.slice(0, -3)}abc`;
    expect(await other.comeBack(back)).toBe('/login?error=oidc_expired');
    await other.begin();
    expect(await other.comeBack(back)).toBe('/login?error=oidc_denied');

    const wrongState = new URL(back);
    wrongState.searchParams.set('state', 'another');
    expect(await browser.comeBack(wrongState)).toBe('/login?error=oidc_denied');
    expect(await browser.comeBack(back)).toBe('/');
    expect(await browser.comeBack(back)).toBe('/login?error=oidc_denied');
  });

  it('refuses an ID token that is not for us or of another sign-in', async () => {
    const app = await start();
    for (const wrong of [
      { aud: 'another' },
      { iss: 'https://evil.example' },
      { nonce: 'another' },
      { exp: 1 },
    ]) {
      expect((await signIn(app, { ...ADA, ...wrong })).at, JSON.stringify(wrong)).toBe(
        '/login?error=oidc_denied',
      );
    }
    expect(await users(app).list()).toEqual([]);
  });

  it('tells the page that somebody changed their mind', async () => {
    const app = await start();
    const browser = new Browser(app.url);
    const back = await browser.begin();
    back.search = `?error=access_denied&state=${back.searchParams.get('state')}`;
    expect(await browser.comeBack(back)).toBe('/login?error=oidc_denied');
  });

  it('tells the page that the provider is away, and finds it when it is back', async () => {
    const away = new OAuth2Server();
    await away.issuer.keys.generate('RS256');
    await away.start(0, '127.0.0.1');
    const { port } = away.address();
    await away.stop();
    const app = await start({ OIDC_ISSUER: `http://localhost:${port}` });
    const begin = () => new DashboardClient(app.url).send('GET', 'auth/oidc/start');
    expect((await begin()).headers.get('location')).toBe('/login?error=oidc_unavailable');
    const returned = new OAuth2Server();
    await returned.issuer.keys.generate('RS256');
    await returned.start(port, 'localhost');
    returned.issuer.url = `http://localhost:${port}`;
    expect((await begin()).headers.get('location')).toContain(`http://localhost:${port}/authorize`);
    await returned.stop();
  });

  it('is not there without a provider', async () => {
    const app = await TestApp.start();
    apps.push(app);
    for (const path of ['start', 'callback?code=x']) {
      expect((await new DashboardClient(app.url).send('GET', `auth/oidc/${path}`)).status).toBe(
        404,
      );
    }
  });

  it('keeps to the path that everything is under', async () => {
    const app = await start({ BASE_PATH: '/llm' });
    claims = { aud: 'llm-proxy', ...ADA };
    const browser = new Browser(`${app.url}/llm`);
    const started = await browser.send('GET', 'auth/oidc/start');
    const [cookie = ''] = started.headers.getSetCookie();
    expect(cookie).toContain('Path=/llm/api/auth/oidc;');
    const location = new URL(started.headers.get('location') ?? '');
    expect(location.searchParams.get('redirect_uri')).toBe(`${app.url}/llm/api/auth/oidc/callback`);
    const back = await fetch(location, { redirect: 'manual' });
    browser.flow = cookie.slice(0, cookie.indexOf(';'));
    expect(await browser.comeBack(new URL(back.headers.get('location') ?? ''))).toBe('/llm/');
    expect(browser.setCookie).toContain('Path=/llm/api/auth;');
  });
});
