import {
  addPerson,
  type Answer,
  DashboardClient,
  PASSWORD,
  signInAs,
} from '../support/dashboard-client.js';
import type { TestApp } from '../support/test-app.js';
import { AUDITED_PROVIDER_ROUTES } from './audited-provider-routes.js';
import { AUDITED_RULE_ROUTES } from './audited-rule-routes.js';

/** What a call has to work with. */
export interface World {
  app: TestApp;
  /** Signed in with the role admin. */
  admin: DashboardClient;
}

/** Makes one call that succeeds, of the route that it stands for. */
export type AuditedCall = (world: World) => Promise<Answer<unknown>>;

/** By `METHOD /path`: every route under `/api` that changes something, and leaves an audit row. */
export const AUDITED_ROUTES: Readonly<Record<string, AuditedCall>> = {
  ...AUDITED_RULE_ROUTES,
  ...AUDITED_PROVIDER_ROUTES,
  'POST /api/auth/login': async ({ app }) => {
    await addPerson(app, 'viewer', 'login@example.com');
    return new DashboardClient(app.url).login('login@example.com');
  },
  'POST /api/auth/logout': async ({ app }) =>
    (await signInAs(app, 'viewer', 'logout@example.com')).logout(),
  'POST /api/auth/change-password': async ({ app }) => {
    const client = await signInAs(app, 'viewer', 'change@example.com');
    const body = { currentPassword: PASSWORD, newPassword: `${PASSWORD}-2` };
    return client.send('POST', 'auth/change-password', body);
  },
  'DELETE /api/auth/sessions/:id': async ({ app }) => {
    const client = await signInAs(app, 'viewer', 'session@example.com');
    return client.send('DELETE', `auth/sessions/${await firstSession(client, 'auth/sessions')}`);
  },
  'POST /api/users': async ({ admin }) =>
    admin.send('POST', 'users', { email: 'made@example.com', name: 'Made', role: 'viewer' }),
  'PATCH /api/users/:id': async ({ app, admin }) => {
    const id = await addPerson(app, 'viewer', 'patched@example.com');
    return admin.send('PATCH', `users/${id}`, { role: 'operator' });
  },
  'DELETE /api/users/:id': async ({ app, admin }) =>
    admin.send('DELETE', `users/${await addPerson(app, 'viewer', 'removed@example.com')}`),
  'POST /api/users/:id/reset-password': async ({ app, admin }) =>
    admin.send(
      'POST',
      `users/${await addPerson(app, 'viewer', 'reset@example.com')}/reset-password`,
    ),
  'DELETE /api/users/:id/sessions': async ({ app, admin }) =>
    admin.send('DELETE', `users/${await addPerson(app, 'viewer', 'out@example.com')}/sessions`),
  'DELETE /api/users/:id/sessions/:sessionId': async ({ app, admin }) => {
    const client = await signInAs(app, 'viewer', 'ended@example.com');
    const path = `users/${client.user?.id}/sessions`;
    return admin.send('DELETE', `${path}/${await firstSession(admin, path)}`);
  },
  'POST /api/system/backups': async ({ admin }) => admin.send('POST', 'system/backups'),
  'DELETE /api/system/backups/:name': async ({ admin }) => {
    const { body } = await admin.send<{ name: string }>('POST', 'system/backups');
    return admin.send('DELETE', `system/backups/${body.name}`);
  },
};

/** Those that leave none on purpose. */
export const UNAUDITED_ROUTES: Readonly<Record<string, string>> = {
  'POST /api/live/ticket': 'lets somebody look who may look',
  'POST /api/system/backups/:name/verify': 'only looks',
  'POST /api/auth/refresh': 'goes on with a session every ten minutes; ending one is recorded',
  'POST /api/providers/test': 'makes a call and changes nothing',
  'POST /api/providers/:name/test': 'makes a call and changes nothing',
  'POST /api/auth/setup': 'works once; auth.spec looks at its row',
};

async function firstSession(client: DashboardClient, path: string): Promise<string> {
  const { body } = await client.send<{ items: { id: string }[] }>('GET', path);
  return body.items[0]?.id ?? '';
}
