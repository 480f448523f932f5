import { UsersService } from '../../src/auth/people/users.service.js';
import type { Role } from '../../src/audit/actor.js';
import type { LoginView, PersonView } from '../../src/dashboard/auth/auth.view.js';
import type { TestApp } from './test-app.js';

export const PASSWORD = 'tall-giraffe-near-the-lake';

const CSRF = { 'x-llm-proxy-csrf': '1' };

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** A browser as far as signing in goes: it keeps the cookie and the access token. */
export class DashboardClient {
  accessToken: string | undefined;
  /** The refresh token, and the whole header that it came in. */
  cookie: string | undefined;
  setCookie = '';
  user: PersonView | undefined;

  constructor(readonly url: string) {}

  async login(email: string, password = PASSWORD): Promise<Answer<LoginView>> {
    return this.#keep(await this.send<LoginView>('POST', 'auth/login', { email, password }));
  }

  async setUp(body: object): Promise<Answer<LoginView>> {
    return this.#keep(await this.send<LoginView>('POST', 'auth/setup', body));
  }

  async refresh(): Promise<Answer<LoginView>> {
    return this.#keep(await this.send<LoginView>('POST', 'auth/refresh', undefined, CSRF));
  }

  logout(): Promise<Answer> {
    return this.send('POST', 'auth/logout', undefined, CSRF);
  }

  /** As a request of the page: with its access token and the cookie, under `/api`. */
  async send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const answer = await fetch(`${this.url}/api/${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.accessToken === undefined ? {} : { authorization: `Bearer ${this.accessToken}` }),
        ...(this.cookie === undefined ? {} : { cookie: `llm_proxy_refresh=${this.cookie}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.#takeCookie(answer.headers);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const parsed = isJson && text !== '' ? (JSON.parse(text) as unknown) : {};
    return { status: answer.status, headers: answer.headers, body: parsed as Body };
  }

  #takeCookie(headers: Headers): void {
    for (const setCookie of headers.getSetCookie()) {
      const [, value] = /^llm_proxy_refresh=([^;]*)/.exec(setCookie) ?? [];
      if (value === undefined) continue;
      this.setCookie = setCookie;
      this.cookie = value === '' ? undefined : value;
    }
  }

  #keep(answer: Answer<LoginView>): Answer<LoginView> {
    if (answer.status === 200) {
      this.accessToken = answer.body.accessToken;
      this.user = answer.body.user;
    }
    return answer;
  }
}

/** Makes somebody of that role, whose password is `PASSWORD` and need not be changed. */
export async function addPerson(app: TestApp, role: Role, email: string): Promise<string> {
  const users = app.app.get(UsersService, { strict: false });
  const password = `${PASSWORD}-temporary`;
  const { user } = await users.create({ email, name: email, role, password });
  const client = new DashboardClient(app.url);
  await client.login(email, password);
  const change = { currentPassword: password, newPassword: PASSWORD };
  const { status } = await client.send('POST', 'auth/change-password', change);
  if (status !== 204) throw new Error(`the password could not be changed: ${status}`);
  await client.logout();
  return user.id;
}

/** Somebody of that role, made and signed in. */
export async function signInAs(
  app: TestApp,
  role: Role,
  email = `${role}@example.com`,
): Promise<DashboardClient> {
  const users = app.app.get(UsersService, { strict: false });
  if ((await users.findByEmail(email)) === undefined) await addPerson(app, role, email);
  const client = new DashboardClient(app.url);
  const { status } = await client.login(email);
  if (status !== 200) throw new Error(`signing in answered ${status}`);
  return client;
}
