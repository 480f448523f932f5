import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { ClientsService } from '../src/clients/clients.service.js';
import { LimitRules } from '../src/limits/rules/limit-rules.js';
import { book } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

const FILE_KEY = 'key-of-the-configuration-file-0123456789';

/** What is changed beside a server is in force there within a second; far more, so that only never fails. */
const SOON = { timeout: 5_000 };

let app: TestApp;
let clientId: string;

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers: [{ name: one, type: simulated }]
prices: [{ model: one/echo, input: 1, output: 1 }]
clients:
  - { name: filed, apiKeys: ["${FILE_KEY}"], limits: { requestsPerMinute: 5 }, budget: { usd: 5, period: month } }
`,
  });
  await runJson('keys', 'create', '--client', 'ci');
  const client = await app.app.get(ClientsService, { strict: false }).findByName('ci');
  clientId = client?.id ?? '';
});

afterAll(() => app.close());

const rules = () => app.app.get(LimitRules, { strict: false });

/** As another process would: over the same folder, with the same file. */
async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runCli(args, {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    environment: {
      DATA_DIR: app.dataDir,
      LLM_PROXY_CONFIG: join(app.dataDir, 'llm-proxy.yaml'),
    },
  });
  return { exitCode, ...written };
}

async function runJson<T = { id: string }>(...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function expectFailure(args: string[], sentence: string) {
  const { exitCode, stdout, stderr } = await run(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(sentence);
}

describe('llm-proxy limits', () => {
  it('changes what a running server holds clients to', async () => {
    const inForce = () => rules().limitsOf('client', clientId);
    const set = ['limits', 'set', '--client', 'ci'];
    const { id } = await runJson(...set, '--requests-per-minute', '100', '--max-concurrent', '0');
    await expect
      .poll(inForce, SOON)
      .toMatchObject([{ id, requestsPerMinute: 100, maxConcurrent: 0, source: 'api' }]);
    expect(await runJson(...set, '--tokens-per-minute', '5')).toMatchObject({
      id,
      requestsPerMinute: null,
      tokensPerMinute: 5,
    });
    const one = ['--endpoint', 'embeddings', '--requests-per-minute', '1'];
    const embeddings = await runJson(...set, ...one);
    await expect.poll(inForce, SOON).toHaveLength(2);
    for (const rule of [id, embeddings.id]) await runJson('limits', 'remove', rule);
    await expect.poll(inForce, SOON).toEqual([]);
    await expectFailure(['limits', 'remove', id], 'There is no such limit.');
  });

  it('lists them all, by the names of their clients', async () => {
    for (const subject of [['--global'], ['--provider', 'one'], ['--model', 'one/echo']]) {
      await runJson('limits', 'set', ...subject, '--requests-per-minute', '9');
    }
    const listed = await runJson<{ scope: string; source: string }[]>('limits', 'list');
    expect(listed.map(({ scope, source }) => `${scope} ${source}`).toSorted()).toEqual([
      'client config',
      'global api',
      'model api',
      'provider api',
    ]);
    const { stdout } = await run('limits', 'list');
    expect(stdout).toMatch(/^ID +SCOPE +OF +ENDPOINT/);
    expect(stdout).toMatch(/client +filed +5 +config/);
  });

  it('lets the requests of a client wait', async () => {
    const queue = ['limits', 'queue', '--client', 'ci', '--up-to'];
    expect(await runJson(...queue, '5s')).toEqual({
      client: 'ci',
      onLimit: 'queue',
      queueMs: 5000,
    });
    await expect.poll(() => rules().onLimitOf(clientId), SOON).toEqual({ queueMs: 5000 });
    await runJson(...queue, '0');
    await expect.poll(() => rules().onLimitOf(clientId), SOON).toBeUndefined();
    await expectFailure([...queue, '2h'], 'Give 0 or a time up to 1h');
  });

  it('says in one sentence what is wrong', async () => {
    const set = ['limits', 'set', '--requests-per-minute', '1'];
    await expectFailure(set, 'Give one of --global, --client, --key, --provider, --model.');
    await expectFailure([...set, '--global', '--client', 'ci'], 'Give one of --global');
    await expectFailure([...set, '--client', 'nobody'], 'There is no client of this name.');
    await expectFailure([...set, '--key', 'none'], 'There is no such API key.');
    await expectFailure([...set, '--provider', 'two'], 'There is no such provider instance.');
    await expectFailure([...set, '--global', '--endpoint', 'x'], 'Give one of chat,');
    await expectFailure(['limits', 'set', '--global'], 'Give requestsPerMinute, tokensPerMinute');
    await expectFailure(
      ['limits', 'set', '--global', '--max-concurrent', '-1'],
      'Give a whole number from 0 to 1000000.',
    );
  });
});

describe('llm-proxy budgets', () => {
  it('changes what a running server lets clients spend, and tells what they did', async () => {
    const inForce = () => rules().budgetsOf('client', clientId);
    const set = ['budgets', 'set', '--client', 'ci', '--period', 'month', '--usd'];
    const { id } = await runJson(...set, '5.00', '--alerts', '90, 50,90');
    await expect
      .poll(inForce, SOON)
      .toMatchObject([{ id, limitNanoUsd: 5e9, alertPercents: [50, 90], timeZone: 'UTC' }]);
    expect(await runJson(...set, '0.000000001')).toMatchObject({ id, limitNanoUsd: '1' });

    const target = { provider: 'one', model: 'echo' };
    await book(app, { ...target, clientId, requestId: 'spent' }, target);
    const [row] = await app.rows();
    expect(row?.cost_nano_usd).toBeGreaterThan(0);
    const listed = await runJson<{ id: string; spentNanoUsd: string }[]>('budgets', 'list');
    expect(listed.find((budget) => budget.id === id)?.spentNanoUsd).toBe(
      String(row?.cost_nano_usd),
    );
    const { stdout } = await run('budgets', 'list');
    expect(stdout).toMatch(
      /client +filed +5 +0 +0 +month UTC +\d{4}-\d\d-01T00:00:00\.000Z +config/,
    );

    await runJson('budgets', 'remove', id);
    await expect.poll(inForce, SOON).toEqual([]);
  });

  it('leaves those of the file to the file', async () => {
    const listed = await runJson<{ id: string; source: string }[]>('budgets', 'list');
    const filed = listed.find(({ source }) => source === 'config');
    await expectFailure(['budgets', 'remove', filed?.id ?? ''], 'managed by llm-proxy.yaml');
  });

  it('says in one sentence what is wrong', async () => {
    const set = ['budgets', 'set', '--global', '--period', 'day', '--usd'];
    await expectFailure([...set, '-1'], 'must be an amount in USD');
    await expectFailure([...set, '9000001'], 'must be an amount in USD');
    await expectFailure([...set, '1', '--time-zone', '+02:00'], 'Give a name such as');
    await expectFailure([...set, '1', '--alerts', '101'], 'Give a whole number from 1 to 100.');
    await expectFailure([...set, '1', '--model', 'm'], "unknown option '--model'");
  });
});

describe('llm-proxy keys create', () => {
  it('makes a key that is never good without its limits', async () => {
    const limits = '--requests-per-minute 3 --tokens-per-minute 1000 --max-concurrent 2';
    const budget = '--budget-usd 1.5 --budget-period day --budget-time-zone Asia/Kolkata';
    const options = `--client limited ${limits} ${budget}`.split(' ');
    const { id } = await runJson('keys', 'create', ...options);
    await expect
      .poll(() => rules().limitsOf('key', id), SOON)
      .toMatchObject([{ requestsPerMinute: 3, tokensPerMinute: 1000, maxConcurrent: 2 }]);
    expect(rules().budgetsOf('key', id)).toMatchObject([
      { limitNanoUsd: 1.5e9, period: 'day', timeZone: 'Asia/Kolkata' },
    ]);
  });

  it('sets no limit that was not asked for', async () => {
    const { id } = await runJson('keys', 'create', '--client', 'free');
    const limits = await runJson<{ scopeId: string }[]>('limits', 'list');
    expect(limits.filter(({ scopeId }) => scopeId === id)).toEqual([]);
  });
});
