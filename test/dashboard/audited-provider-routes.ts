import type { DashboardClient } from '../support/dashboard-client.js';
import type { AuditedCall } from './audited-routes.js';

/** Providers, their models and the routes to them. */
export const AUDITED_PROVIDER_ROUTES: Readonly<Record<string, AuditedCall>> = {
  'POST /api/providers': async ({ admin }) => createProvider(admin, 'created'),
  'PATCH /api/providers/:name': async ({ admin }) => {
    await createProvider(admin, 'patched');
    return admin.send('PATCH', 'providers/patched', { enabled: false });
  },
  'PUT /api/providers/:name': async ({ admin }) => {
    await createProvider(admin, 'replaced');
    return admin.send('PUT', 'providers/replaced', { ...PROVIDER, retries: { maxAttempts: 1 } });
  },
  'DELETE /api/providers/:name': async ({ admin }) => {
    await createProvider(admin, 'removed');
    return admin.send('DELETE', 'providers/removed');
  },
  'POST /api/providers/:name/breaker': async ({ admin }) => {
    await createProvider(admin, 'broken');
    return admin.send('POST', 'providers/broken/breaker', { action: 'reset' });
  },
  'POST /api/providers/:name/health': async ({ admin }) => {
    await createProvider(admin, 'judged');
    return admin.send('POST', 'providers/judged/health', { state: 'off' });
  },
  'PATCH /api/models/*id': async ({ admin }) => {
    await createProvider(admin, 'priced');
    return admin.send('PATCH', 'models/priced/m', { prices: [{ input: 1, output: 2 }] });
  },
  'POST /api/routes': async ({ admin }) => createRoute(admin, 'a'),
  'PATCH /api/routes/*name': async ({ admin }) => {
    await createRoute(admin, 'b');
    return admin.send('PATCH', 'routes/route-b', { strategy: 'cost' });
  },
  'DELETE /api/routes/*name': async ({ admin }) => {
    await createRoute(admin, 'c');
    return admin.send('DELETE', 'routes/route-c');
  },
};

/** Nobody calls it, and nobody would answer. To be listed in `ALLOWED_PRIVATE_UPSTREAMS`. */
export const NOBODYS_HOST = '127.0.0.1:9';

const PROVIDER = {
  type: 'openai-compatible',
  baseUrl: `http://${NOBODYS_HOST}/v1`,
  apiKeys: ['key-of-a-provider-0123456789'],
};

const createProvider = (admin: DashboardClient, name: string) =>
  admin.send('POST', 'providers', { name, ...PROVIDER });

async function createRoute(admin: DashboardClient, name: string) {
  await createProvider(admin, `routed-${name}`);
  const targets = [{ model: `routed-${name}/m` }];
  return admin.send('POST', 'routes', { name: `route-${name}`, targets });
}
