import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelView } from '../../src/dashboard/models/model.view.js';
import type { ProviderHealthView } from '../../src/dashboard/providers/provider-health.view.js';
import { apiCaller } from '../support/api-caller.js';
import { HELLO } from '../support/prompts.js';
import { TestApp } from '../support/test-app.js';
import { TEST_MASTER_KEY } from '../support/test-environment.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

const SOON = { timeout: 5_000 };

/** Two replicas on a PostgreSQL database of their own, with Redis between them. */
describe('what people set, on PostgreSQL', () => {
  let postgres: TestPostgres;
  let one: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    postgres = await createTestPostgres();
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: process.env['REDIS_URL'] ?? '',
      KEY_PEPPER: 'p'.repeat(32),
      ENCRYPTION_KEY: TEST_MASTER_KEY,
    };
    one = await TestApp.start({ env });
    other = await TestApp.start({ env });
  });

  afterAll(async () => {
    await one.close();
    await other.close();
    await postgres.drop();
  });

  const ask = async (model: string) => {
    const answer = await other.chat(
      { model, messages: HELLO },
      { authorization: `Bearer ${other.adminKey}` },
    );
    await answer.arrayBuffer();
    return answer.status;
  };

  it('is in force on every replica within a second', async () => {
    const call = apiCaller(one);
    const provider = { name: 'made', type: 'simulated', apiKeys: ['sk-sealed-0123456789-0123'] };
    expect((await call('POST', 'providers', provider)).status).toBe(201);
    await expect.poll(() => ask('made/echo'), SOON).toBe(200);
    const route = { name: 'fast', targets: [{ model: 'made/echo' }] };
    expect((await call('POST', 'routes', route)).status).toBe(201);
    await expect.poll(() => ask('fast'), SOON).toBe(200);
    await call('PATCH', 'models/fast', { enabled: false });
    await expect.poll(() => ask('fast'), SOON).toBe(404);
    await call('POST', 'providers/made/health', { state: 'off' });
    const health = async () =>
      (await apiCaller(other)<ProviderHealthView>('GET', 'providers/made/health')).body;
    await expect.poll(health, SOON).toMatchObject({ mode: 'off', hours: [{ errors: 0 }] });
    const model = await apiCaller(other)<ModelView>('GET', 'models/made/echo');
    expect(model.body).toMatchObject({ lastUsedAt: expect.any(String) as string });
    expect((await call('DELETE', 'routes/fast')).status).toBe(204);
    expect((await call('DELETE', 'providers/made')).status).toBe(204);
    await expect.poll(() => ask('made/echo'), SOON).toBe(404);
  });
});
