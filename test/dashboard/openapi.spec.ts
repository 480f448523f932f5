import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({ env: { BASE_PATH: '/llm' } });
});

afterAll(() => app.close());

it('describes the routes under /api, and only those, to whoever may read them', async () => {
  const url = `${app.url}/llm/api/openapi.json`;
  expect((await fetch(url)).status).toBe(401);

  const answer = await fetch(url, { headers: { authorization: `Bearer ${app.adminKey}` } });
  expect(answer.status).toBe(200);
  const { paths } = (await answer.json()) as { paths: Record<string, unknown> };
  expect(Object.keys(paths)).toContain('/api/budgets/{id}');
  expect(Object.keys(paths).filter((path) => !path.startsWith('/api/'))).toEqual([]);
});
