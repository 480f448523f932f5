import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { TestApp } from './support/test-app.js';

/** As far as Express tells of a route. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const DOCUMENT = new URL('../docs/reference/client-api.md', import.meta.url);

let app: TestApp;
let routes: readonly string[];

beforeAll(async () => {
  app = await TestApp.start();
  const { router } = app.app.getHttpAdapter().getInstance() as {
    router: { stack: readonly Layer[] };
  };
  routes = router.stack.flatMap(({ route }) =>
    route?.path.startsWith('/v1/') === true
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
      : [],
  );
});
afterAll(() => app.close());

describe('every route of the client API', () => {
  it('is in its reference, and nothing else', async () => {
    const text = await readFile(DOCUMENT, 'utf8');
    const told = [...text.matchAll(/^\| `([A-Z]+ \/v1[^`]*)`/gm)].map(([, route]) => route);
    const there = routes.map((route) => route.replace(/[:*](\w+)/g, '{$1}'));
    expect(told).toHaveLength(there.length);
    expect(new Set(told)).toEqual(new Set(there));
  });

  it('is closed without a key, and has the headers of an answer even then', async () => {
    expect(routes.length).toBeGreaterThan(20);
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await fetch(app.url + path.replace(/[:*]id/, 'x'), {
        method,
        ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: '{}' }),
      });
      expect(Object.fromEntries(answer.headers), route).toMatchObject({
        'x-llm-proxy-provider': 'none',
        'x-llm-proxy-model': 'none',
        'x-llm-proxy-attempts': '0',
        'x-llm-proxy-cache': 'bypass',
        'x-llm-proxy-translation': '',
      });
      if (path.startsWith('/v1/messages')) {
        expect(answer.headers.get('request-id'), route).not.toBeNull();
        expect(answer.status).toBe(401);
        continue;
      }
      expectRefusal(await partsOf(answer), {
        status: 401,
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      });
    }
  });
});
