import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Configuration } from '../src/config/configuration.js';
import { writeFile } from 'node:fs/promises';
import { NO_USAGE } from '../src/providers/contract/token-usage.js';
import { runCli } from '../src/cli/run-cli.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { bookAt, entriesOf, query } from './support/book-entries.js';
import { TestApp } from './support/test-app.js';

const DAY = Date.UTC(2026, 2, 10);
const RANGE = ['--from', '2026-03-10', '--to', '2026-03-11'];

/** Pico-USD per token is USD per million: 1 in and 2 out are 1000 and 2000 nano-USD. */
function yaml(input: string, models = ['one', 'two']): string {
  return JSON.stringify({
    providers: [
      { name: 'vendor', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', apiKey: 'k' },
    ],
    clients: [{ name: 'ci' }],
    prices: models.map((model) => ({ model: `vendor/${model}`, input, output: '2' })),
  });
}

let app: TestApp;

beforeEach(async () => {
  app = await TestApp.start({ yaml: yaml('1') });
  const usage = {
    ...NO_USAGE,
    inputUncached: 10,
    cacheRead: 5,
    outputText: 20,
    outputReasoning: 3,
  };
  for (let index = 0; index < 250; index += 1) {
    await bookAt(
      app,
      DAY + index,
      { requestId: `request-${String(index).padStart(3, '0')}` },
      { provider: 'vendor', model: index % 5 === 0 ? 'two' : 'one', usage },
    );
  }
  await bookAt(app, DAY - 1, { requestId: 'earlier' }, { provider: 'vendor', model: 'one', usage });
});

afterEach(() => app.close());

/** The command of a second process on the running installation. */
async function reprice(...args: string[]) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(['ledger', 'reprice', ...args], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    environment: { DATA_DIR: app.dataDir, LLM_PROXY_CONFIG: `${app.dataDir}/llm-proxy.yaml` },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

const repriceJson = async (...args: string[]) =>
  JSON.parse(await reprice(...RANGE, '--json', ...args)) as Record<string, unknown>;

async function setPrice(input: string, models?: string[]): Promise<void> {
  await writeFile(`${app.dataDir}/llm-proxy.yaml`, yaml(input, models), { mode: 0o600 });
  await app.app.get(Configuration).reload();
}

const total = async (): Promise<unknown> =>
  (
    await query<{ cost: number }>(
      app,
      'SELECT SUM(cost_nano_usd) AS cost FROM usage_rollups_now WHERE bucket_ms = 86400000',
    )
  )[0]?.cost;

async function expectSoundBooks(): Promise<void> {
  const checked = await app.app.get(LedgerCheck).run();
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
}

const BEFORE = 15 * 1000 + 23 * 2000;
const AFTER = 15 * 3000 + 23 * 2000;

describe('llm-proxy ledger reprice', () => {
  it('changes nothing where the price is the one that was applied', async () => {
    expect(await repriceJson()).toEqual({
      dryRun: false,
      requests: 250,
      changed: 0,
      withoutPrice: 0,
      beforeNanoUsd: 250 * BEFORE,
      afterNanoUsd: 250 * BEFORE,
    });
    expect(await entriesOf(app, 'request-000')).toHaveLength(2);
  });

  it('books at the new price, once, and every total follows', async () => {
    await setPrice('3');
    const changed = {
      dryRun: false,
      requests: 250,
      changed: 250,
      withoutPrice: 0,
      beforeNanoUsd: 250 * BEFORE,
      afterNanoUsd: 250 * AFTER,
    };
    expect(await repriceJson('--dry-run')).toEqual({ ...changed, dryRun: true });
    expect(await total()).toBe(251 * BEFORE);
    expect(await repriceJson()).toEqual(changed);
    expect(await total()).toBe(250 * AFTER + BEFORE);
    expect(await repriceJson()).toMatchObject({ changed: 0, beforeNanoUsd: 250 * AFTER });
    expect(await total()).toBe(250 * AFTER + BEFORE);
    const entries = await entriesOf(app, 'request-007');
    expect(entries.map(({ kind, cost_nano_usd: cost }) => [kind, cost])).toEqual([
      ['reserved', null],
      ['settled', BEFORE],
      ['adjusted', -BEFORE],
      ['adjusted', AFTER],
    ]);
    const rows = await app.rows();
    expect(rows).toHaveLength(251);
    expect(rows.reduce((sum, row) => sum + (row.cost_nano_usd ?? 0), 0)).toBe(await total());
    await expectSoundBooks();
  });

  it('books each once when two do it at once', async () => {
    await setPrice('3');
    await Promise.all([repriceJson(), repriceJson()]);
    expect(await total()).toBe(250 * AFTER + BEFORE);
    expect(await entriesOf(app, 'request-007')).toHaveLength(4);
    await expectSoundBooks();
  });

  it('takes one model alone', async () => {
    await setPrice('3');
    expect(await repriceJson('--model', 'vendor/two')).toMatchObject({ requests: 50, changed: 50 });
    expect(await total()).toBe(50 * AFTER + 201 * BEFORE);
  });

  it('leaves what has no price any more as it is booked', async () => {
    await setPrice('3', ['one']);
    expect(await repriceJson()).toMatchObject({ changed: 200, withoutPrice: 50 });
    expect(await total()).toBe(200 * AFTER + 51 * BEFORE);
  });

  it('prices what had no price, and the count of such requests follows', async () => {
    await setPrice('1', ['one']);
    await bookAt(app, DAY + 999, { requestId: 'new' }, { provider: 'vendor', model: 'two' });
    const unpriced = 'SELECT SUM(unpriced_requests) AS count FROM usage_rollups_now';
    expect(await query(app, unpriced)).toEqual([{ count: 3 }]);
    await setPrice('1');
    expect(await repriceJson()).toMatchObject({ requests: 251, changed: 1 });
    expect(await query(app, unpriced)).toEqual([{ count: 0 }]);
    await expectSoundBooks();
  });

  it('says it in a sentence', async () => {
    await setPrice('3');
    expect(await reprice(...RANGE)).toBe(
      'Requests: 250, of which changed: 250.\nCost: $0.01525 before, $0.02275 after.\n',
    );
  });
});
