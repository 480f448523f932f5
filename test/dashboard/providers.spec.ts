import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import type { ProviderPage, ProviderView } from '../../src/dashboard/providers/provider.view.js';
import type { ProviderTestView } from '../../src/dashboard/providers/provider-test.view.js';
import type { ProviderTypeList } from '../../src/dashboard/providers/provider-type.view.js';
import type { ProviderHealthView } from '../../src/dashboard/providers/provider-health.view.js';
import { READER } from '../../src/database/data-source-options.js';
import { apiCaller } from '../support/api-caller.js';
import { FAULT_ERROR } from '../support/fault-script.js';
import { FaultUpstream, type RecordedRequest } from '../support/fault-upstream.js';
import { HELLO } from '../support/prompts.js';
import { TestApp } from '../support/test-app.js';
import { completion, USAGE } from '../support/vendor-answers.js';

const CANARY = 'sk-canary-of-a-stored-provider-0123456789abcd';
const SECOND_CANARY = 'sk-canary-that-came-after-it-0123456789-wxyz';
const SHORT_CANARY = 'canary-b';
const MODELS = { object: 'list', data: [{ id: 'm', object: 'model', created: 1, owned_by: 'v' }] };

let upstream: FaultUpstream;
let elsewhere: FaultUpstream;
let app: TestApp;
let call: ReturnType<typeof apiCaller>;
/** Everything that was answered. */
const answers: string[] = [];

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  elsewhere = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: `
providers: [{ name: filed, type: openai-compatible, baseUrl: "${upstream.url}", apiKey: filed-key-0123456789-0123 }]
models: [{ name: public, targets: [{ model: filed/m }] }]
`,
    env: {
      ALLOWED_PRIVATE_UPSTREAMS: `${hostOf(upstream)},${hostOf(elsewhere)}`,
      OPENAI_API_KEY: 'sk-of-the-environment-0123456789-abcd',
      RETRY_MAX_ATTEMPTS: '1',
    },
  });
  const caller = apiCaller(app);
  call = async (method, path, body) => {
    const answer = await caller<never>(method, path, body);
    answers.push(JSON.stringify(answer));
    return answer;
  };
});

afterAll(async () => {
  await app.close();
  await upstream.close();
  await elsewhere.close();
});

beforeEach(() => {
  for (const one of [upstream, elsewhere]) {
    one.requests.length = 0;
    one
      .always({ body: completion('Hello', USAGE) })
      .when(({ path }) => path.endsWith('/models'), { body: MODELS });
  }
});

function hostOf({ url }: FaultUpstream): string {
  return new URL(url).host;
}

const draft = (more: object = {}) => ({
  type: 'openai-compatible',
  baseUrl: upstream.url,
  apiKeys: [CANARY],
  ...more,
});

async function create(name: string, more: object = {}): Promise<ProviderView> {
  const answer = await call<ProviderView>('POST', 'providers', { name, ...draft(more) });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

async function ask(model: string, through = app): Promise<number> {
  const answer = await through.chat(
    { model, messages: HELLO },
    { authorization: `Bearer ${app.adminKey}` },
  );
  answers.push(await answer.text());
  return answer.status;
}

const keyOf = (request: RecordedRequest | undefined) => request?.headers.authorization;

const auditOf = (name: string): Promise<AuditEntry[]> =>
  app.app
    .get<DataSource>(getDataSourceToken(READER))
    .manager.find(AuditEntry, { where: { subjectId: name }, order: { id: 'ASC' } });

describe('/api/providers', () => {
  it('is created, tested, called, given another key and deleted', async () => {
    expect(await ask('made/m')).toBe(404);
    const made = await create('made', { timeouts: { totalMs: 20_000 } });
    expect(made).toMatchObject({
      name: 'made',
      source: 'stored',
      managedBy: null,
      baseUrl: upstream.url,
      keys: ['sk-…abcd'],
      enabled: true,
      problems: [],
      breaker: 'closed',
      health: 'healthy',
      mode: 'auto',
      limits: { requestsPerMinute: null },
      timeouts: { totalMs: 20_000, connectMs: 5_000 },
      capabilities: { embeddings: true, listsModels: true },
    });
    const tested = await call<ProviderTestView>('POST', 'providers/made/test', {});
    expect(tested).toMatchObject({
      status: 200,
      body: { ok: true, checked: 'models', models: 1, model: null, error: null },
    });
    expect(tested.body.latencyMs).toBeGreaterThanOrEqual(0);

    upstream.requests.length = 0;
    expect(await ask('made/m')).toBe(200);
    expect(keyOf(upstream.requests[0])).toBe(`Bearer ${CANARY}`);

    const changed = await call<ProviderView>('PATCH', 'providers/made', {
      apiKeys: [SECOND_CANARY, SHORT_CANARY],
      timeouts: null,
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { keys: ['sk-…wxyz', '…'], timeouts: { totalMs: 600_000 } },
    });
    expect(await ask('made/m')).toBe(200);
    expect(keyOf(upstream.requests[1])).toBe(`Bearer ${SECOND_CANARY}`);

    expect(await call('PATCH', 'providers/made', { enabled: false })).toMatchObject({
      status: 200,
      body: { enabled: false, health: 'off' },
    });
    expect(await ask('made/m')).toBe(404);
    await call('PATCH', 'providers/made', { enabled: true });
    expect(await ask('made/m')).toBe(200);

    expect((await call('DELETE', 'providers/made')).status).toBe(204);
    expect((await call('GET', 'providers/made')).status).toBe(404);
    expect(await ask('made/m')).toBe(404);
    const told = await auditOf('made');
    expect(told.map(({ action, actorName }) => `${action} ${actorName}`)).toEqual([
      'provider.create test-admin',
      'provider.update test-admin',
      'provider.update test-admin',
      'provider.update test-admin',
      'provider.delete test-admin',
    ]);
    expect(JSON.parse(told[1]?.before ?? '')).toMatchObject({ keys: ['sk-…abcd'] });
    expect(JSON.parse(told[1]?.after ?? '')).toMatchObject({ keys: ['sk-…wxyz', '…'] });
  });

  it('sends no key to another address than it was given for', async () => {
    await create('bound');
    for (const body of [
      { baseUrl: elsewhere.url },
      { type: 'deepseek' },
      { baseUrl: `${upstream.url}/v2` },
    ]) {
      expect(await call('PATCH', 'providers/bound', body)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_value', param: 'apiKeys' } },
      });
    }
    const { apiKeys: _keys, ...moved } = draft({ baseUrl: elsewhere.url });
    expect((await call('PUT', 'providers/bound', moved)).status).toBe(400);
    expect(await ask('bound/m')).toBe(200);
    expect(elsewhere.requests).toHaveLength(0);

    const given = { baseUrl: elsewhere.url, apiKeys: [SECOND_CANARY] };
    expect((await call('PATCH', 'providers/bound', given)).status).toBe(200);
    expect(await ask('bound/m')).toBe(200);
    expect(keyOf(elsewhere.requests[0])).toBe(`Bearer ${SECOND_CANARY}`);

    // Neither does whoever can write to the database.
    const writer = app.app.get<DataSource>(getDataSourceToken());
    await writer.query('UPDATE stored_objects SET value = ? WHERE name = ?', [
      JSON.stringify({ type: 'openai-compatible', baseUrl: upstream.url }),
      'bound',
    ]);
    await create('other');
    expect(await ask('bound/m')).toBe(404);
    expect(app.logLines.join('\n')).toContain('it cannot be read (changed since it was set)');
    await call('DELETE', 'providers/other');
    await writer.query("DELETE FROM stored_objects WHERE name = 'bound'");
  });

  it('keeps its keys when it is replaced at the same address', async () => {
    await create('replaced', { maxConnections: 3 });
    const { apiKeys: _keys, ...same } = draft({ disconnect: 'drain' });
    expect(await call('PUT', 'providers/replaced', same)).toMatchObject({
      status: 200,
      body: { keys: ['sk-…abcd'], maxConnections: 512, disconnect: 'drain' },
    });
    expect((await call('PUT', 'providers/replaced-2', draft())).status).toBe(200);
    for (const name of ['replaced', 'replaced-2']) await call('DELETE', `providers/${name}`);
  });

  it.each([
    'http://127.0.0.1:1/v1',
    'https://127.0.0.1/v1',
    'https://localhost/v1',
    'https://10.1.2.3',
    'https://169.254.169.254/latest',
    'https://[::1]/v1',
    'http://93.184.215.14/v1',
    'https://nowhere.invalid/v1',
  ])('refuses %s', async (baseUrl) => {
    for (const path of ['providers', 'providers/test']) {
      const { name, ...rest } = { name: 'inside', ...draft({ baseUrl }) };
      const body = path === 'providers' ? { name, ...rest } : rest;
      expect(await call('POST', path, body)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_value', param: 'baseUrl' } },
      });
    }
  });

  it('holds the address that a type has by itself to the same rule', async () => {
    const refused = { status: 400, body: { error: { param: 'baseUrl' } } };
    const { baseUrl: _url, ...rest } = draft({ preset: 'vllm' });
    expect(await call('POST', 'providers', { name: 'local', ...rest })).toMatchObject(refused);
    expect(await call('POST', 'providers', { name: 'local', type: 'ollama' })).toMatchObject(
      refused,
    );
  });

  it.each([
    [{ name: 'Upper' }, 'name'],
    [{ name: 'x', type: 'nothing' }, 'type'],
    [{ name: 'x', apiKeys: ['with space'] }, 'apiKeys'],
    [{ name: 'x', limits: { requestsPerMinute: 1 } }, 'limits'],
    [{ name: 'x', colour: 'red' }, 'colour'],
    [{ name: 'x', timeouts: { totalMs: 0 } }, 'timeouts'],
    [{ name: 'x', timeouts: { forever: 1 } }, 'timeouts'],
    [{ name: 'x', settings: { numCtx: 1 } }, 'settings'],
    [{ name: 'x', preset: 'nobody' }, 'preset'],
    [{ name: 'x', baseUrl: 'ftp://x' }, 'baseUrl'],
  ])('refuses %j', async (more, param) => {
    expect(await call('POST', 'providers', draft(more))).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_value', param } },
    });
  });

  it('leaves what the file and the environment say as it is', async () => {
    const { items } = (await call<ProviderPage>('GET', 'providers')).body;
    expect(items).toMatchObject([
      { name: 'filed', source: 'file', managedBy: 'llm-proxy.yaml', keys: ['…0123'] },
      { name: 'openai', source: 'environment', managedBy: 'environment', keys: ['sk-…abcd'] },
    ]);
    for (const name of ['filed', 'openai']) {
      const conflict = { status: 409, body: { error: { code: 'conflict' } } };
      expect(await call('POST', 'providers', { name, ...draft() })).toMatchObject(conflict);
      expect(await call('PUT', `providers/${name}`, draft())).toMatchObject(conflict);
      expect(await call('PATCH', `providers/${name}`, { enabled: false })).toMatchObject(conflict);
      expect(await call('DELETE', `providers/${name}`)).toMatchObject(conflict);
    }
    await create('twice');
    expect((await call('POST', 'providers', { name: 'twice', ...draft() })).status).toBe(409);
    await call('DELETE', 'providers/twice');
  });

  it('cannot be taken away while a route leads to it', async () => {
    await create('led');
    await call('POST', 'routes', { name: 'leads', targets: [{ model: 'led/m' }] });
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { enabled: false }],
    ] as const) {
      expect(await call(method, 'providers/led', body)).toMatchObject({
        status: 409,
        body: {
          error: { message: 'Others lead there: route leads. Change or delete them first.' },
        },
      });
    }
    expect(await ask('leads')).toBe(200);
    await call('DELETE', 'routes/leads');
    expect((await call('DELETE', 'providers/led')).status).toBe(204);
  });
});

describe('the test of a provider', () => {
  const test = (name: string, body: object = {}) =>
    call<ProviderTestView>('POST', `providers/${name}/test`, body);

  it("tells the upstream's own words, without keys and hosts", async () => {
    upstream.when(
      ({ path }) => path.endsWith('/models'),
      (request) => ({
        status: 401,
        body: { error: { message: `Key ${keyOf(request)} at ${request.headers.host} is wrong` } },
      }),
    );
    const { body } = await call<ProviderTestView>('POST', 'providers/test', draft());
    expect(body).toMatchObject({
      ok: false,
      error: { kind: 'auth', status: 401, message: 'Key Bearer [key] at [host] is wrong' },
    });
  });

  it('asks a cheap model when one is named, and books it to nobody', async () => {
    const before = (await app.rows()).length;
    expect((await test('filed', { model: 'cheap' })).body).toMatchObject({
      ok: true,
      checked: 'chat',
      model: 'cheap',
    });
    expect(upstream.requests.map(({ model }) => model)).toEqual(['cheap']);
    expect(await app.rows()).toHaveLength(before);
  });

  it('calls whatever the breaker says, and leaves it as it is', async () => {
    await call('POST', 'providers/filed/breaker', { action: 'open', forMs: 60_000 });
    expect((await test('filed')).body.ok).toBe(true);
    expect((await call<ProviderView>('GET', 'providers/filed')).body.breaker).toBe('open');
    await call('POST', 'providers/filed/breaker', { action: 'reset' });
    upstream.when(({ path }) => path.endsWith('/models'), { status: 500, body: FAULT_ERROR });
    for (let count = 0; count < 12; count += 1) expect((await test('filed')).body.ok).toBe(false);
    expect((await call<ProviderView>('GET', 'providers/filed')).body.breaker).toBe('closed');
  });

  it('needs a model where a type has no list', async () => {
    const { baseUrl, apiKeys } = draft();
    const azure = { type: 'azure', baseUrl, apiKeys };
    expect(await call('POST', 'providers/test', azure)).toMatchObject({
      status: 400,
      body: { error: { param: 'model' } },
    });
    const asked = await call('POST', 'providers/test', { ...azure, model: 'deployed' });
    expect(asked).toMatchObject({ status: 200, body: { ok: true, checked: 'chat' } });
    expect((await test('nobody')).status).toBe(404);
  });

  it('saves nothing of a draft', async () => {
    expect((await call('POST', 'providers/test', draft())).status).toBe(200);
    const { items } = (await call<ProviderPage>('GET', 'providers')).body;
    expect(items.map(({ name }) => name)).toEqual(['filed', 'openai']);
  });
});

describe('the health of a provider', () => {
  const health = (body?: object) =>
    call<ProviderHealthView>(body ? 'POST' : 'GET', 'providers/filed/health', body);

  it('is shown with what the hours were', async () => {
    expect(await ask('filed/m')).toBe(200);
    upstream.always({ status: 500, body: FAULT_ERROR });
    expect(await ask('filed/m')).toBe(502);
    const { body } = await health();
    expect(body).toMatchObject({ provider: 'filed', state: 'healthy', mode: 'auto', reasons: [] });
    const sum = body.hours.reduce((total, { requests }) => total + requests, 0);
    expect(sum).toBe((await app.rows()).filter(({ provider }) => provider === 'filed').length);
    expect(body.hours.reduce((total, { errors }) => total + errors, 0)).toBeGreaterThan(0);
    expect(body.targets.map(({ model }) => model)).toContain('m');
  });

  it('is decided by hand, until it is found out again', async () => {
    await create('spare', { baseUrl: elsewhere.url });
    const targets = [{ model: 'filed/first' }, { model: 'spare/second' }];
    await call('POST', 'routes', { name: 'two', targets });
    const answeredBy = async () => {
      expect(await ask('two')).toBe(200);
      return [...upstream.requests.splice(0), ...elsewhere.requests.splice(0)][0]?.model;
    };
    expect(await answeredBy()).toBe('first');
    expect((await health({ state: 'off' })).body).toMatchObject({
      state: 'off',
      mode: 'off',
      reasons: ['switched_off'],
      changes: [{ model: null, state: 'off' }],
    });
    expect(await answeredBy()).toBe('second');
    expect((await health({ state: 'on' })).body).toMatchObject({
      state: 'healthy',
      mode: 'on',
      reasons: ['kept_on'],
    });
    expect((await health({ state: 'auto' })).body).toMatchObject({ mode: 'auto', reasons: [] });
    expect((await health({ state: 'gone' })).status).toBe(400);
    expect(await answeredBy()).toBe('first');
    await call('DELETE', 'routes/two');
    await call('DELETE', 'providers/spare');
    const decided = (await auditOf('filed')).filter(({ action }) => !action.startsWith('breaker.'));
    expect(decided.map(({ after }) => after)).toEqual([
      '{"mode":"off"}',
      '{"mode":"on"}',
      '{"mode":"auto"}',
    ]);
  });
});

describe('/api/provider-types', () => {
  it('says what each type needs', async () => {
    const { items } = (await call<ProviderTypeList>('GET', 'provider-types')).body;
    const of = (type: string) => items.find((one) => one.type === type);
    expect(items).toHaveLength(11);
    expect(of('anthropic')).toMatchObject({ label: 'Anthropic', requiresApiKey: true });
    expect(of('azure')).toMatchObject({
      requiresBaseUrl: true,
      listsModels: false,
      settings: { properties: { urlStyle: {}, deployments: {} } },
    });
    expect(of('openai-compatible')?.presets).toContainEqual({
      name: 'groq',
      baseUrl: 'https://api.groq.com/openai/v1',
      requiresApiKey: true,
    });
  });
});

describe('another process over the same database', () => {
  it('sees a change within a second, and the file wins there', async () => {
    const other = await TestApp.start({
      dataDir: app.dataDir,
      env: { ALLOWED_PRIVATE_UPSTREAMS: hostOf(upstream) },
    });
    try {
      expect(await ask('shared/m', other)).toBe(404);
      await create('shared');
      await expect.poll(() => ask('shared/m', other), { timeout: 5_000 }).toBe(200);
      await call('PATCH', 'providers/shared', { apiKeys: [SECOND_CANARY] });
      const lastKey = async () => {
        await ask('shared/m', other);
        return keyOf(upstream.requests.at(-1));
      };
      await expect.poll(lastKey, { timeout: 5_000 }).toBe(`Bearer ${SECOND_CANARY}`);
    } finally {
      await other.close();
    }
    const third = await TestApp.start({
      dataDir: app.dataDir,
      yaml: `providers: [{ name: shared, type: openai-compatible, baseUrl: "${elsewhere.url}", apiKey: of-the-file }]`,
    });
    try {
      expect(await ask('shared/m', third)).toBe(200);
      expect(keyOf(elsewhere.requests[0])).toBe('Bearer of-the-file');
    } finally {
      await third.close();
    }
    await call('DELETE', 'providers/shared');
  });
});

describe('the keys of providers', () => {
  it('are in no answer, log line, audit row, metric and file', async () => {
    await create('kept', { apiKeys: [CANARY, SECOND_CANARY, SHORT_CANARY] });
    upstream.always((request) => ({
      status: 400,
      body: { error: { message: `${keyOf(request)}`, type: `${keyOf(request)}` } },
    }));
    await ask('kept/m');
    const audit = JSON.stringify(await auditOf('kept'));
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    const files = await Promise.all(
      ['llm-proxy.sqlite', 'llm-proxy.sqlite-wal'].map((file) =>
        readFile(join(app.dataDir, file), 'latin1').catch(() => ''),
      ),
    );
    expect(answers.length).toBeGreaterThan(50);
    const told = [...answers, ...app.logLines, audit, metrics, ...files];
    for (const secret of [CANARY, SECOND_CANARY, SHORT_CANARY]) {
      expect(told.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});
