import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { NO_USAGE } from '../src/providers/contract/token-usage.js';
import { bookAt } from './support/book-entries.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';

const FIRST = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;
const RANGE = ['--from', '2026-03-01', '--to', '2026-03-03'];
const ADMIN_KEY = 'canary-of-an-admin-key';

let app: TestApp;
let upstream: FaultUpstream;

/** Two days of two models: a dollar per million tokens in, two out, so 1000 and 2000 nano-USD. */
beforeEach(async () => {
  upstream = await FaultUpstream.start();
  const prices = ['openai/gpt-a', 'openai/gpt-b', 'anthropic/claude-a', 'openrouter/lab/model-a'];
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'openai', type: 'openai', baseUrl: `${upstream.url}/v1`, apiKey: 'ordinary' },
        { name: 'anthropic', type: 'anthropic', baseUrl: upstream.url, apiKey: 'ordinary' },
        { name: 'openrouter', type: 'openrouter', baseUrl: `${upstream.url}/v1`, apiKey: 'own' },
        { name: 'deepseek', type: 'deepseek', baseUrl: upstream.url, apiKey: 'ordinary' },
      ],
      clients: [{ name: 'ci' }],
      prices: prices.map((model) => ({ model, input: '1', output: '2' })),
    }),
  });
  const usage = { ...NO_USAGE, inputUncached: 60, cacheRead: 40, outputText: 20 };
  let count = 0;
  const bookOn = (day: number, provider: string, model: string) =>
    bookAt(
      app,
      FIRST + day * DAY + 1000,
      { requestId: `request-${(count += 1)}` },
      { provider, model, usage },
    );
  for (const day of [-1, 0, 0, 1, 2]) await bookOn(day, 'openai', 'gpt-a');
  await bookOn(1, 'openai', 'gpt-b');
  for (const day of [0, 1]) await bookOn(day, 'anthropic', 'claude-a');
  for (const day of [0, 1]) await bookOn(day, 'openrouter', 'lab/model-a');
  // What never reached the vendor is no request of it.
  await bookAt(
    app,
    FIRST,
    { requestId: 'failed' },
    { provider: 'openai', model: 'gpt-a', status: 'error', usage: NO_USAGE },
  );
});

afterEach(async () => {
  await app.close();
  await upstream.close();
});

async function reconcile(provider: string, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runCli(['reconcile', '--provider', provider, ...RANGE, ...args], {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    environment: {
      DATA_DIR: app.dataDir,
      LLM_PROXY_CONFIG: `${app.dataDir}/llm-proxy.yaml`,
      OPENAI_ADMIN_KEY: ADMIN_KEY,
      ANTHROPIC_ADMIN_KEY: ADMIN_KEY,
    },
  });
  return { exitCode, ...written };
}

const seconds = (day: number) => (FIRST + day * DAY) / 1000;

function usageResult(model: string, requests: number, rest: object = {}) {
  return {
    object: 'organization.usage.completions.result',
    input_tokens: requests * 100,
    input_cached_tokens: requests * 40,
    output_tokens: requests * 20,
    num_model_requests: requests,
    model,
    api_key_id: 'key_one',
    ...rest,
  };
}

const bucket = (day: number, results: object[]) => ({
  object: 'bucket',
  start_time: seconds(day),
  end_time: seconds(day + 1),
  results,
});

const page = (data: object[], next: string | null = null) => ({
  object: 'page',
  data,
  has_more: next !== null,
  next_page: next,
});

const COST = 100 * 1000 + 20 * 2000;
const usd = (requests: number) => (requests * COST) / 1e9;

const costResult = (line_item: string | null, value: number | string) => ({
  object: 'organization.costs.result',
  amount: { value, currency: 'usd' },
  line_item,
});

/** What OpenAI says, on two pages of usage. */
function playOpenAi(firstDay = usageResult('gpt-a-2026-01-31', 2)): void {
  const at = (path: string) => (request: { path: string }) => request.path.startsWith(path);
  upstream.when(at('/v1/organization/usage/completions'), ({ path }) => ({
    body: path.includes('&page=second%2Fpage')
      ? page([bucket(1, [usageResult('gpt-a-2026-01-31', 1), usageResult('gpt-b', 1)])])
      : page([bucket(0, [firstDay])], 'second/page'),
  }));
  upstream.when(at('/v1/organization/usage/embeddings'), { body: page([]) });
  upstream.when(at('/v1/organization/costs'), {
    body: page([
      bucket(0, [
        costResult('gpt-a-2026-01-31, input', usd(2) / 2),
        costResult('gpt-a-2026-01-31, output', String(usd(2) / 2)),
      ]),
      bucket(1, [
        costResult('gpt-a-2026-01-31, input', usd(1)),
        costResult('gpt-b, input', usd(1)),
      ]),
    ]),
  });
}

const same = (value: number) => ({ ours: value, theirs: value, difference: 0, percent: 0 });

function agreed(name: string, requests: number) {
  return {
    name,
    requests: same(requests),
    inputTokens: same(requests * 100),
    outputTokens: same(requests * 20),
    costNanoUsd: same(requests * COST),
  };
}

describe('llm-proxy reconcile with openai', () => {
  it('agrees by day, by model and by key, over all pages', async () => {
    playOpenAi();
    const { exitCode, stdout, stderr } = await reconcile('openai', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      tolerancePercent: 0.1,
      total: agreed('total', 4),
      days: [agreed('2026-03-01', 2), agreed('2026-03-02', 2)],
      models: [agreed('gpt-a', 3), agreed('gpt-b', 1)],
      keys: [
        {
          name: 'key_one',
          theirs: { requests: 4, inputTokens: 400, outputTokens: 80, costNanoUsd: null },
          compared: {
            ...agreed('key_one', 4),
            costNanoUsd: { ours: 4 * COST, theirs: null, difference: null, percent: null },
          },
        },
      ],
    });
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      `/v1/organization/usage/completions?start_time=${seconds(0)}&end_time=${seconds(2)}&bucket_width=1d&group_by=model&group_by=api_key_id&limit=31`,
      `/v1/organization/usage/completions?start_time=${seconds(0)}&end_time=${seconds(2)}&bucket_width=1d&group_by=model&group_by=api_key_id&limit=31&page=second%2Fpage`,
      `/v1/organization/usage/embeddings?start_time=${seconds(0)}&end_time=${seconds(2)}&bucket_width=1d&group_by=model&group_by=api_key_id&limit=31`,
      `/v1/organization/costs?start_time=${seconds(0)}&end_time=${seconds(2)}&bucket_width=1d&group_by=line_item&limit=180`,
    ]);
    const keys = new Set(upstream.requests.map(({ headers }) => headers.authorization));
    expect([...keys]).toEqual([`Bearer ${ADMIN_KEY}`]);
  });

  it('finds what is missing, says where, and fails', async () => {
    playOpenAi(usageResult('gpt-a-2026-01-31', 3));
    const { exitCode, stdout, stderr } = await reconcile('openai');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'The books differ by more than 0.1 %.\n',
    });
    expect(stdout).toContain('2026-03-01  input tokens   200      300      -100        33.333');
    expect(stdout).toContain('gpt-a  input tokens   300      400      -100        25.000');
    expect(stdout).not.toContain(ADMIN_KEY);
  });

  it('accepts what is within the tolerance', async () => {
    playOpenAi(usageResult('gpt-a', 2, { output_tokens: 41 }));
    expect((await reconcile('openai')).exitCode).toBe(1);
    expect((await reconcile('openai', '--tolerance', '2.5')).exitCode).toBe(0);
  });

  it('compares no keys where there are several', async () => {
    playOpenAi(usageResult('gpt-a', 2, { api_key_id: 'key_two' }));
    const { stdout } = await reconcile('openai');
    expect(stdout).toContain('key_two  input tokens   200');
    expect(stdout).toContain('does not know which key');
  });

  it('reads a file in place of asking', async () => {
    const path = `${app.dataDir}/report.json`;
    const pages = [page([bucket(0, [usageResult('gpt-a', 2)]), bucket(5, [usageResult('x', 9)])])];
    await writeFile(path, JSON.stringify(pages));
    const { stdout, exitCode } = await reconcile('openai', '--file', path, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      days: [
        { name: '2026-03-01', inputTokens: same(200), costNanoUsd: { theirs: null } },
        { name: '2026-03-02', inputTokens: { ours: 200, theirs: 0, percent: 100 } },
      ],
    });
    expect(upstream.requests).toEqual([]);
  });

  it('takes the key of a file', async () => {
    playOpenAi();
    const path = `${app.dataDir}/admin.key`;
    await writeFile(path, 'of-the-file\n');
    await reconcile('openai', '--admin-key-file', path);
    expect(upstream.requests[0]?.headers.authorization).toBe('Bearer of-the-file');
  });

  it.each([
    [['--file', 'nowhere.json'], 'The file of the report cannot be read or written (ENOENT).'],
    [['--admin-key-file', 'nowhere'], 'The file of the key cannot be read or written (ENOENT).'],
    [['--tolerance', 'much'], 'Give a number such as 0.1.'],
    [['--from', '2026-03-01T12:00Z'], 'Give a day such as 2026-01-31.'],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { exitCode, stderr } = await reconcile('openai', ...args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it.each([
    [{ status: 401, body: { error: { message: 'No such key.' } } }],
    [{ body: { something: 'else' } }],
    [{ body: page([bucket(0, [costResult(null, 'much')])]) }],
    [{ body: '<html></html>' }],
    [{ beforeHeaders: 'reset' as const }],
  ])('fails with a sentence when the answer is %j', async (script) => {
    upstream.always(script);
    const { exitCode, stdout, stderr } = await reconcile('openai');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^The provider: .+\n$/);
    expect(stderr).not.toContain(ADMIN_KEY);
  });

  it('refuses a provider that is not there and one without reports', async () => {
    expect((await reconcile('nobody')).stderr).toBe('There is no provider of this name.\n');
    expect((await reconcile('deepseek')).stderr).toBe('This provider has no report of usage.\n');
  });
});

describe('llm-proxy reconcile with anthropic', () => {
  it('adds up the kinds of input, and reads costs in cents', async () => {
    const starting = (day: number) => new Date(FIRST + day * DAY).toISOString();
    const reported = (day: number) => ({
      starting_at: starting(day),
      ending_at: starting(day + 1),
      results: [
        {
          uncached_input_tokens: 50,
          cache_creation: { ephemeral_5m_input_tokens: 6, ephemeral_1h_input_tokens: 4 },
          cache_read_input_tokens: 40,
          output_tokens: 20,
          server_tool_use: { web_search_requests: 0 },
          model: 'claude-a-20260131',
          api_key_id: 'apikey_1',
        },
      ],
    });
    upstream.next(
      { body: { data: [reported(0)], has_more: true, next_page: 'two' } },
      { body: { data: [reported(1)], has_more: false, next_page: null } },
      {
        body: {
          data: [0, 1].map((day) => ({
            starting_at: starting(day),
            ending_at: starting(day + 1),
            results: [
              { amount: '0.01', currency: 'USD', model: 'claude-a-20260131' },
              { amount: '0.004', currency: 'USD', model: 'claude-a-20260131' },
            ],
          })),
          has_more: false,
          next_page: null,
        },
      },
    );
    const { stdout, exitCode } = await reconcile('anthropic', '--json');
    expect(exitCode).toBe(0);
    const uncounted = { ours: 2, theirs: null, difference: null, percent: null };
    expect(JSON.parse(stdout)).toMatchObject({
      total: { ...agreed('total', 2), requests: uncounted },
      models: [{ ...agreed('claude-a', 2), requests: uncounted }],
    });
    expect(upstream.requests.map(({ path }) => path.split('?')[0])).toEqual([
      '/v1/organizations/usage_report/messages',
      '/v1/organizations/usage_report/messages',
      '/v1/organizations/cost_report',
    ]);
    expect(upstream.requests[1]?.path).toContain('&page=two');
    expect(upstream.requests[0]?.headers).toMatchObject({
      'x-api-key': ADMIN_KEY,
      'anthropic-version': '2023-06-01',
    });
  });
});

describe('llm-proxy reconcile with openrouter', () => {
  it("asks with the instance's own key, and adds what the customer's vendor charged", async () => {
    const item = (date: string) => ({
      date,
      model: 'lab/model-a',
      usage: 0.00004,
      byok_usage_inference: 0.0001,
      requests: 1,
      prompt_tokens: 100,
      completion_tokens: 20,
      reasoning_tokens: 0,
    });
    upstream.next({ body: { data: ['2026-02-28', '2026-03-01', '2026-03-02'].map(item) } });
    const { stdout, exitCode } = await reconcile('openrouter', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      days: [agreed('2026-03-01', 1), agreed('2026-03-02', 1)],
      models: [agreed('lab/model-a', 2)],
      keys: [],
    });
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/activity' });
    expect(upstream.requests[0]?.headers.authorization).toBe('Bearer own');
  });
});
