import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessDecision } from '../../src/auth/access.decorators.js';
import { UsersService } from '../../src/auth/people/users.service.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { ApiError } from '../../src/common/errors/api-error.js';
import { DashboardClient, signInAs } from '../support/dashboard-client.js';
import { keyOf, type RegisteredRoute, registeredRoutes } from '../support/registered-routes.js';
import { TestApp } from '../support/test-app.js';

/** The answer of a request that came past every guard; the handlers do nothing here. */
const REACHED_STATUS = 418;

const CALLERS = [
  'viewer',
  'operator',
  'admin',
  'mustChange',
  'nobody',
  'clientKey',
  'adminKey',
] as const;
type Caller = (typeof CALLERS)[number];

/** What each of them is told: `ok`, or the code of the refusal. */
type Outcome = Record<Caller, string>;

const DENIED = 'insufficient_permissions';

const EXPECTED: Record<AccessDecision, Outcome> = {
  public: all('ok'),
  'api-key': { ...all('invalid_api_key'), clientKey: 'ok', adminKey: 'ok' },
  person: people({ viewer: 'ok', operator: 'ok', admin: 'ok', adminKey: DENIED }),
  viewer: people({ viewer: 'ok', operator: 'ok', admin: 'ok', adminKey: 'ok' }),
  operator: people({ viewer: DENIED, operator: 'ok', admin: 'ok', adminKey: 'ok' }),
  admin: people({ viewer: DENIED, operator: DENIED, admin: 'ok', adminKey: 'ok' }),
};

function all(outcome: string): Outcome {
  return Object.fromEntries(CALLERS.map((caller) => [caller, outcome])) as Outcome;
}

function people(outcome: Pick<Outcome, 'viewer' | 'operator' | 'admin' | 'adminKey'>): Outcome {
  const others = { nobody: 'session_invalid', clientKey: DENIED };
  return { ...outcome, ...others, mustChange: 'password_change_required' };
}

let app: TestApp;
let routes: RegisteredRoute[];
const bearers: Partial<Record<Caller, string>> = {};

beforeAll(async () => {
  let isOpen = true;
  app = await TestApp.start({
    prepare: (application) =>
      application.useGlobalInterceptors({
        intercept: (_context, next) => {
          if (isOpen) return next.handle();
          throw new ApiError('conflict', 'Reached.', { status: REACHED_STATUS });
        },
      }),
  });
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    bearers[role] = (await signInAs(app, role)).accessToken;
  }
  const { user, temporaryPassword } = await app.app
    .get(UsersService, { strict: false })
    .create({ email: 'new@example.com', name: 'New', role: 'admin' });
  const newcomer = new DashboardClient(app.url);
  await newcomer.login(user.email, temporaryPassword ?? '');
  bearers.mustChange = newcomer.accessToken;
  const key = await app.app.get(ApiKeysService).createForClientName('caller');
  bearers.clientKey = key.key.reveal();
  bearers.adminKey = app.adminKey;
  routes = registeredRoutes(app.app);
  isOpen = false;
});

afterAll(() => app.close());

async function outcomeOf({ method, path }: RegisteredRoute, caller: Caller): Promise<string> {
  const bearer = bearers[caller];
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const answer = await fetch(`${app.url}${path.replaceAll(/:\w+/g, 'something')}`, {
    method: method === 'ALL' ? 'GET' : method,
    redirect: 'manual',
    headers: {
      'x-llm-proxy-csrf': '1',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
  });
  const text = await answer.text();
  if (answer.status === REACHED_STATUS) return 'ok';
  const { error } = JSON.parse(text) as { error?: { code?: string | null; type: string } };
  // Messages routes have no codes: there the type tells it.
  return error?.code ?? error?.type ?? text;
}

describe('every route of every controller', () => {
  it('lets in exactly whom its decorator names', { timeout: 120_000 }, async () => {
    expect(routes.length).toBeGreaterThan(50);
    const wrong: object[] = [];
    for (const route of routes) {
      const expected = { ...EXPECTED[route.decision] };
      if (route.isOpenBeforePasswordChange) expected.mustChange = 'ok';
      for (const caller of CALLERS) {
        const found = await outcomeOf(route, caller);
        const isSame =
          found === expected[caller] ||
          (found === 'authentication_error' && expected[caller] === 'invalid_api_key');
        if (!isSame) wrong.push({ route: keyOf(route), caller, found, expected: expected[caller] });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is under /api exactly if a person or a role opens it', () => {
    for (const { path, decision } of routes) {
      const isOfPeople = !['public', 'api-key'].includes(decision);
      if (isOfPeople) expect(path).toMatch(/^\/api\//);
      if (path.startsWith('/api/')) expect(decision).not.toBe('api-key');
    }
  });

  it('is open to everybody only where nobody can be signed in', () => {
    const open = routes.filter(
      ({ decision, path }) => decision === 'public' && path.startsWith('/api'),
    );
    expect(open.map(keyOf)).toEqual([
      'GET /api/auth/oidc/callback',
      'GET /api/auth/oidc/start',
      'GET /api/auth/status',
      'POST /api/auth/login',
      'POST /api/auth/logout',
      'POST /api/auth/refresh',
      'POST /api/auth/setup',
    ]);
  });
});
