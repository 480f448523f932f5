import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../support/fault-upstream.js';
import { TestApp } from '../support/test-app.js';
import { PythonTests } from './python-tests.js';
import { clientsConfiguration, playVendors } from './vendors.js';

/** Set by the runner: an interpreter, and which of its test modules it can import. */
const python = process.env['CLIENTS_PYTHON'] ?? 'python3';
const modules = (process.env['CLIENTS_MODULES'] ?? 'test_http').split(' ');

const NOWHERE = { LLM_PROXY_URL: 'http://127.0.0.1:1', LLM_PROXY_KEY: '' };

describe.each(modules)('%s', async (module) => {
  const tests = new PythonTests(python, [module]);
  const ids = await tests.list(NOWHERE);
  let upstream: FaultUpstream;
  let app: TestApp;
  let results: ReadonlyMap<string, string | null>;

  beforeAll(async () => {
    upstream = await FaultUpstream.start();
    playVendors(upstream);
    app = await TestApp.start({ yaml: clientsConfiguration(upstream) });
    results = await tests.run({ LLM_PROXY_URL: app.url, LLM_PROXY_KEY: app.adminKey });
  });
  afterAll(async () => {
    await app.close();
    await upstream.close();
  });

  it.each(ids)('%s', (id) => {
    const error = results.has(id) ? results.get(id) : 'It was not run.';
    if (error !== null) expect.fail(error);
  });

  it('leaves a settled row for every request', async () => {
    const rows = await app.rows();
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(rows.length);
    expect(rows.filter(({ status }) => status === 'interrupted')).toEqual([]);
  });
});
