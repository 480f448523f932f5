import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { signInAs } from '../support/dashboard-client.js';
import { keyOf, registeredRoutes } from '../support/registered-routes.js';
import { TestApp } from '../support/test-app.js';
import { NOBODYS_HOST } from './audited-provider-routes.js';
import { AUDITED_ROUTES, UNAUDITED_ROUTES, type World } from './audited-routes.js';

const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE'];

let world: World;

beforeAll(async () => {
  const app = await TestApp.start({ env: { ALLOWED_PRIVATE_UPSTREAMS: NOBODYS_HOST } });
  world = { app, admin: await signInAs(app, 'admin') };
});

afterAll(() => world.app.close());

async function auditRows(requestId: string): Promise<AuditEntry[]> {
  return world.app.app
    .get<DataSource>(getDataSourceToken())
    .manager.findBy(AuditEntry, { requestId });
}

describe('a route under /api that changes something', () => {
  it('is known to this spec', () => {
    const changing = registeredRoutes(world.app.app).filter(
      ({ method, path }) => path.startsWith('/api/') && CHANGING.includes(method),
    );
    const known = [...Object.keys(AUDITED_ROUTES), ...Object.keys(UNAUDITED_ROUTES)];
    expect(changing.map(keyOf).toSorted()).toEqual(known.toSorted());
  });

  it.each(Object.entries(AUDITED_ROUTES))(
    '%s leaves an audit row of whoever did it',
    async (_, call) => {
      const { status, headers } = await call(world);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(300);
      const rows = await auditRows(headers.get('x-request-id') ?? '');
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row).toMatchObject({
          actorKind: 'person',
          actorName: expect.stringContaining('@') as string,
        });
      }
    },
  );
});
