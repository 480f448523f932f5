import type { Answer, DashboardClient } from '../support/dashboard-client.js';
import type { AuditedCall } from './audited-routes.js';

/** Clients, their keys, limits and budgets. */
export const AUDITED_RULE_ROUTES: Readonly<Record<string, AuditedCall>> = {
  'POST /api/clients': async ({ admin }) => createClient(admin, 'created'),
  'PATCH /api/clients/:id': async ({ admin }) =>
    admin.send('PATCH', `clients/${await newClient(admin, 'patched')}`, { description: 'New' }),
  'DELETE /api/clients/:id': async ({ admin }) =>
    admin.send('DELETE', `clients/${await newClient(admin, 'removed')}`),
  'PUT /api/clients/:id/on-limit': async ({ admin }) =>
    admin.send('PUT', `clients/${await newClient(admin, 'waits')}/on-limit`, { onLimit: 'queue' }),
  'POST /api/clients/:id/keys': async ({ admin }) =>
    admin.send('POST', `clients/${await newClient(admin, 'keyed')}/keys`, {}),
  'POST /api/clients/:id/keys/:keyId/rotate': async ({ admin }) =>
    admin.send('POST', `${await newKeyPath(admin, 'rotated')}/rotate`, {}),
  'DELETE /api/clients/:id/keys/:keyId': async ({ admin }) =>
    admin.send('DELETE', await newKeyPath(admin, 'revoked')),
  'PUT /api/limits': async ({ admin }) => putLimit(admin, 1_000_000),
  'DELETE /api/limits/:id': async ({ admin }) =>
    admin.send('DELETE', `limits/${idOf(await putLimit(admin, 1_000_001))}`),
  'POST /api/budgets': async ({ admin }) => createBudget(admin, 'day'),
  'PATCH /api/budgets/:id': async ({ admin }) =>
    admin.send('PATCH', `budgets/${idOf(await createBudget(admin, 'week'))}`, { limitUsd: 2000 }),
  'DELETE /api/budgets/:id': async ({ admin }) =>
    admin.send('DELETE', `budgets/${idOf(await createBudget(admin, 'month'))}`),
};

const createClient = (admin: DashboardClient, name: string) =>
  admin.send('POST', 'clients', { name });

const newClient = async (admin: DashboardClient, name: string) =>
  idOf(await createClient(admin, name));

async function newKeyPath(admin: DashboardClient, name: string): Promise<string> {
  const path = `clients/${await newClient(admin, name)}/keys`;
  return `${path}/${idOf(await admin.send('POST', path, {}))}`;
}

const putLimit = (admin: DashboardClient, requestsPerMinute: number) =>
  admin.send('PUT', 'limits', { scope: 'global', requestsPerMinute });

const createBudget = (admin: DashboardClient, period: string) =>
  admin.send('POST', 'budgets', { scope: 'global', period, limitUsd: 1000 });

function idOf({ body }: Answer): string {
  return String(body['id']);
}
