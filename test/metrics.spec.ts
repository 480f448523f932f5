import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Figures } from '../src/common/metrics/figures.js';
import type { UsageRow } from '../src/usage/usage-export.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { parseMetrics, sumOf, type Sample } from './support/metrics-text.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, textChunk, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const TOKEN = 'metrics-token-0123456789';
const PROVIDER_KEY = 'sk-canary-provider-0123456789abcdef';
const PROMPT = 'canary-prompt';
const MESSAGES = [{ role: 'user', content: PROMPT }];
const USAGE = vendorUsage(900, 70, { cached: 300, reasoning: 20 });

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({ yaml: configuration() });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

function configuration(): string {
  const instance = { type: 'openai', baseUrl: `${upstream.url}/v1`, apiKey: PROVIDER_KEY };
  return JSON.stringify({
    providers: [
      { ...instance, name: 'steady', retries: { maxAttempts: 1 }, breaker: { enabled: false } },
      { ...instance, name: 'again', retries: { maxAttempts: 3, baseMs: 0 } },
      {
        ...instance,
        name: 'fragile',
        retries: { maxAttempts: 1 },
        breaker: { volumeThreshold: 2, resetTimeoutMs: 600_000 },
      },
    ],
    prices: [
      { model: 'steady/cheap', input: 0.137, cachedInput: 0.071, output: 0.613 },
      { model: 'steady/dear', input: 37.13, output: 171.7 },
      { model: 'again/cheap', input: 0.137, output: 0.613 },
    ],
  });
}

function get(path = '/metrics', headers: Record<string, string> = {}, from = app) {
  return fetch(`${from.url}${path}`, { headers });
}

async function scrape(): Promise<Sample[]> {
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return parseMetrics(await answer.text());
}

const ask = async (model: string, more: object = {}): Promise<number> => {
  const answer = await app.chat({ model, messages: MESSAGES, ...more });
  await answer.text();
  return answer.status;
};

const total = (rows: readonly UsageRow[], pick: (row: UsageRow) => number | null): number =>
  rows.reduce((sum, row) => sum + (pick(row) ?? 0), 0);

describe('who may read the metrics', () => {
  it('is whoever is on this machine, and nobody that a reverse proxy on it speaks for', async () => {
    expect((await get()).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect((await get('/metrics', { [header]: '127.0.0.1' })).status).toBe(404);
    }
  });

  it('without a token set, answers others as a route that is not there', async () => {
    const words = async (path: string) => {
      const answer = await get(path, {
        'x-forwarded-for': '203.0.113.9',
        authorization: `Bearer ${app.adminKey}`,
        'x-request-id': 'same',
      });
      return [answer.status, (await answer.text()).replaceAll(path, '')];
    };
    expect(await words('/metrics')).toEqual(await words('/nothing'));
  });

  it.each(['METRICS_TOKEN', 'METRICS_TOKEN_FILE'])('takes the token of %s', async (name) => {
    const file = join(await mkdtemp(join(tmpdir(), 'llm-proxy-token-')), 'token');
    await writeFile(file, `${TOKEN}\n`, { mode: 0o600 });
    const guarded = await TestApp.start({
      env: { [name]: name.endsWith('_FILE') ? file : TOKEN },
    });
    const from = (headers: Record<string, string>) =>
      get('/metrics', { 'x-forwarded-for': '203.0.113.9', ...headers }, guarded);
    try {
      expect((await from({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
      expect((await from({ authorization: `bearer  ${TOKEN}` })).status).toBe(200);
      for (const authorization of [
        '',
        TOKEN,
        `Bearer ${TOKEN}x`,
        `Basic ${TOKEN}`,
        `Bearer ${guarded.adminKey}`,
      ]) {
        const answer = await from({ authorization });
        expect([answer.status, await answer.text()]).toEqual([
          401,
          expect.not.stringContaining(TOKEN),
        ]);
      }
      expect((await get('/metrics', {}, guarded)).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});

describe('what the metrics say', () => {
  it('adds up to the rows of the ledger, to the nano-USD', async () => {
    upstream.always({ body: completion('Hi', USAGE) });
    for (const model of ['steady/cheap', 'steady/dear', 'again/cheap', 'steady/unpriced']) {
      await Promise.all(Array.from({ length: 5 }, () => ask(model)));
    }
    upstream.always({ events: streamEvents(['One', 'Two'], USAGE), done: true });
    await Promise.all(Array.from({ length: 5 }, () => ask('steady/dear', { stream: true })));
    upstream.next({ status: 500, body: {} }, { status: 429, body: {} });
    expect(await ask('again/cheap', { stream: true })).toBe(200);
    upstream.next({ status: 400, body: { error: { message: 'no', type: 'x', code: null } } });
    expect(await ask('steady/cheap')).toBe(400);
    await leaveMidStream();

    const rows = await app.rows();
    const samples = await scrape();
    expect(sumOf(samples, 'llm_proxy_requests_total')).toBe(rows.length);
    for (const status of ['ok', 'error', 'client_aborted']) {
      const expected = rows.filter((row) => row.status === status).length;
      expect(expected).toBeGreaterThan(0);
      expect(sumOf(samples, 'llm_proxy_requests_total', { dialect: 'chat', status })).toBe(
        expected,
      );
    }
    for (const [provider, model] of [
      ['steady', 'cheap'],
      ['steady', 'dear'],
      ['steady', 'unpriced'],
      ['again', 'cheap'],
    ] as const) {
      const of = rows.filter((row) => row.provider === provider && row.model === model);
      const labels = { provider, model };
      const tokens = (kind: string) =>
        sumOf(samples, 'llm_proxy_tokens_total', { ...labels, kind });
      expect(sumOf(samples, 'llm_proxy_cost_nano_usd_total', labels)).toBe(
        total(of, (row) => row.cost_nano_usd),
      );
      expect(sumOf(samples, 'llm_proxy_unpriced_requests_total', labels)).toBe(
        of.filter((row) => row.cost_nano_usd === null).length,
      );
      expect(sumOf(samples, 'llm_proxy_estimated_requests_total', labels)).toBe(
        of.filter((row) => row.estimated).length,
      );
      expect(tokens('input')).toBe(total(of, (row) => row.input_tokens));
      expect(tokens('cached_input')).toBe(total(of, (row) => row.cached_input_tokens));
      expect(tokens('output')).toBe(total(of, (row) => row.output_tokens));
      expect(tokens('reasoning')).toBe(total(of, (row) => row.reasoning_tokens));
      expect(sumOf(samples, 'llm_proxy_request_duration_seconds_count', labels)).toBe(of.length);
      expect(sumOf(samples, 'llm_proxy_first_chunk_seconds_count', labels)).toBe(
        of.filter((row) => row.first_chunk_ms !== null).length,
      );
    }
    expect(sumOf(samples, 'llm_proxy_cost_nano_usd_total')).toBe(
      total(rows, (row) => row.cost_nano_usd),
    );
    const attempts = (outcome: string) =>
      sumOf(samples, 'llm_proxy_upstream_attempts_total', { provider: 'again', outcome });
    expect([attempts('ok'), attempts('failed'), attempts('rate_limited')]).toEqual([6, 1, 1]);
    expect(sumOf(samples, 'llm_proxy_upstream_attempts_total')).toBe(
      total(rows, (row) => row.attempts),
    );
  });

  async function leaveMidStream(): Promise<void> {
    const index = upstream.requests.length;
    upstream.next({ events: [textChunk('Once')], afterEvents: 1, ending: 'stall' });
    const client = new StreamClient({
      url: app.url,
      key: app.adminKey,
      body: { model: 'steady/cheap', stream: true, messages: MESSAGES },
    });
    await upstream.waitForRequest(index);
    await waitUntil(() => client.frames.length > 0, 'the first chunk');
    const during = await scrape();
    expect(sumOf(during, 'llm_proxy_open_reservations')).toBe(1);
    expect(sumOf(during, 'llm_proxy_in_flight_requests')).toBe(1);
    client.leave();
    await waitUntil(
      async () => sumOf(await scrape(), 'llm_proxy_in_flight_requests') === 0,
      'the exchange to end',
    );
    expect(sumOf(await scrape(), 'llm_proxy_open_reservations')).toBe(0);
  }

  it('has the state of every breaker', async () => {
    upstream.always({ status: 500, body: {} });
    const states = async () =>
      (await scrape())
        .filter(({ name }) => name === 'llm_proxy_breaker_state')
        .map(({ labels, value }) => [labels['provider'], value]);
    expect(await states()).toContainEqual(['fragile', 0]);
    for (let calls = 0; calls < 3; calls += 1) await ask('fragile/model');
    expect(await states()).toEqual([
      ['steady', 0],
      ['again', 0],
      ['fragile', 2],
    ]);
  });

  it('counts refused requests by their reason, and none that was taken on', async () => {
    const before = await scrape();
    const rejected = async (reason: string) =>
      sumOf(await scrape(), 'llm_proxy_rejected_total', { reason }) -
      sumOf(before, 'llm_proxy_rejected_total', { reason });
    upstream.always({ status: 500, body: {} });
    expect(await ask('nowhere')).toBe(404);
    expect(await ask('steady/cheap', { temperature: 'hot' })).toBe(400);
    expect(await ask('steady/cheap')).toBe(502);
    await get('/v1/models', { authorization: 'Bearer wrong' });
    await get('/api/usage/export');
    expect(await rejected('model_not_found')).toBe(1);
    expect(await rejected('invalid_value')).toBe(1);
    expect(await rejected('upstream_error')).toBe(0);
    expect(await rejected('invalid_api_key')).toBe(1);
  });

  it('has no label that a client made up', async () => {
    upstream.always({ status: 404, body: { error: { message: 'no', type: 'x', code: null } } });
    for (let asked = 0; asked < 20; asked += 1) await ask(`steady/made-up-${asked}`);
    const samples = await scrape();
    expect(samples.filter(({ labels }) => labels['model']?.startsWith('made-up'))).toEqual([]);
    expect(
      sumOf(samples, 'llm_proxy_requests_total', { model: 'other', status: 'error' }),
    ).toBeGreaterThanOrEqual(20);
  });

  it('has every queue, the process and what runs', async () => {
    const samples = await scrape();
    const queues = samples.filter(({ name }) => name === 'llm_proxy_queue_depth');
    expect(new Set(queues.map(({ labels }) => labels['queue']))).toEqual(
      new Set([
        'admission',
        'budgets',
        'database_writer',
        'late_settlements',
        'request_bodies',
        'token_estimates',
      ]),
    );
    expect(sumOf(samples, 'llm_proxy_held_slots')).toBe(0);
    expect(sumOf(samples, 'llm_proxy_build_info', { node: process.versions.node })).toBe(1);
    expect(sumOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(samples.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  it('holds no key and nothing of what was said', async () => {
    const text = await (await get()).text();
    for (const secret of [PROVIDER_KEY, PROMPT, app.adminKey, upstream.url]) {
      expect(text).not.toContain(secret);
    }
  });
});

it('is documented, figure by figure', async () => {
  const page = await readFile(new URL('../docs/metrics.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| (`llm_proxy_.*?)\s*\|$/gm)].map(([, row]) =>
    (row as string).split(/\s*\|\s*/).join(' | '),
  );
  const figures = app.app
    .get(Figures)
    .described.map(
      ({ name, type, labels, help }) =>
        `\`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help}`,
    );
  expect(documented).toEqual(figures.sort());
});
