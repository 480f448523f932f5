import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageBreakdownView } from '../../src/dashboard/usage/usage-breakdown.view.js';
import type { UsageSummaryView } from '../../src/dashboard/usage/usage-summary.view.js';
import type { UsageTimeSeriesView } from '../../src/dashboard/usage/usage-time-series.view.js';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import { NO_USAGE } from '../../src/providers/contract/token-usage.js';
import { moveHorizon } from '../../src/usage/retention/retention-horizons.js';
import { apiCaller } from '../support/api-caller.js';
import { admissionOf, bookAt } from '../support/book-entries.js';
import { TestApp } from '../support/test-app.js';
import { Ledger } from '../../src/usage/ledger.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon of a day of summer, when Berlin is two hours ahead. */
const NOON = Date.UTC(2026, 6, 14, 12);
const IN_RANGE = `from=${iso(NOON - 2 * HOUR)}&to=${iso(NOON + HOUR)}`;

/** Micro-USD: 1000 and 2000 nano-USD for a token. */
const YAML = JSON.stringify({
  providers: [
    { name: 'vendor', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', apiKey: 'k' },
    { name: 'other', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', apiKey: 'k' },
  ],
  clients: [{ name: 'ci' }],
  prices: ['vendor/one', 'vendor/two', 'other/one'].map((model) => ({
    model,
    input: '1',
    output: '2',
  })),
});

let app: TestApp;
let call: ReturnType<typeof apiCaller>;

function iso(time: number): string {
  return new Date(time).toISOString();
}

const usage = (input: number, output: number) => ({
  ...NO_USAGE,
  inputUncached: input,
  outputText: output,
});
const costOf = (input: number, output: number) => input * 1000 + output * 2000;

async function get<Body>(path: string): Promise<Body> {
  const { status, body } = await call<Body>('GET', `usage/${path}`);
  expect({ path, status, body: status === 200 ? undefined : body }).toEqual({ path, status: 200 });
  return body;
}

beforeAll(async () => {
  app = await TestApp.start({ yaml: YAML });
  call = apiCaller(app);
  const book = (at: number, id: string, more: Parameters<typeof bookAt>[3], key = 'key-a') =>
    bookAt(app, at, { requestId: id, clientId: 'client-a', apiKeyId: key }, more);
  const one = { provider: 'vendor', model: 'one' };
  const two = { provider: 'vendor', model: 'two' };
  // The last of these milliseconds is in the range, the next is not; and so at the other end.
  await book(NOON - 2 * HOUR - 1, 'before', { ...one, usage: usage(1_000_000, 0) });
  await book(NOON - 2 * HOUR, 'first', { ...one, usage: usage(10, 1), latencyMs: 100 });
  await book(NOON - 90_000, 'second', { ...two, usage: usage(20, 2), latencyMs: 200 });
  await book(NOON, 'third', {
    ...one,
    usage: { ...usage(30, 3), outputReasoning: 4, cacheRead: 5, estimated: true },
    latencyMs: 300,
    firstChunkMs: 30,
  });
  await book(
    NOON + 1000,
    'fourth',
    { ...one, provider: 'other', status: 'error', usage: NO_USAGE, latencyMs: 400 },
    'key-b',
  );
  await book(NOON + HOUR - 1, 'fifth', {
    ...one,
    model: 'unpriced',
    usage: usage(50, 5),
    latencyMs: 500,
  });
  await book(NOON + HOUR, 'after', { ...one, usage: usage(1_000_000, 0) });
});

afterAll(() => app.close());

describe('the summary', () => {
  it('adds up what was admitted within the range, to the millisecond', async () => {
    const summary = await get<UsageSummaryView>(`summary?${IN_RANGE}`);
    expect(summary).toMatchObject({
      from: iso(NOON - 2 * HOUR),
      to: iso(NOON + HOUR),
      requests: 5,
      errors: 1,
      errorRate: 0.2,
      inputTokens: 10 + 20 + 35 + 50,
      cachedInputTokens: 5,
      outputTokens: 1 + 2 + 7 + 5,
      reasoningTokens: 4,
      costNanoUsd: String(costOf(10, 1) + costOf(20, 2) + costOf(35, 7)),
      unpricedRequests: 1,
      estimatedRequests: 1,
      meanLatencyMs: 300,
      meanFirstChunkMs: 30,
      latencyP50Ms: 300,
      latencyP95Ms: 500,
      firstChunkP50Ms: 30,
      percentileBasis: 'all',
      activeStreams: 0,
    });
    expect(summary.costUsd).toBeCloseTo(Number(summary.costNanoUsd) / 1e9, 12);
    // Three hours before it there was one request.
    expect(summary.before).toMatchObject({ requests: 1, costNanoUsd: '1000000000' });
  });

  it.each([
    ['client=client-a', 5],
    ['client=client-b', 0],
    ['key=key-b', 1],
    ['provider=vendor', 4],
    ['provider=vendor&model=one', 2],
    ['model=one', 3],
  ])('is of %s alone when asked for', async (filter, requests) => {
    const summary = await get<UsageSummaryView>(`summary?${IN_RANGE}&${filter}`);
    expect(summary.requests).toBe(requests);
  });

  it('takes ranges that begin and end anywhere', async () => {
    const range = `from=${iso(NOON - 90_000)}&to=${iso(NOON + 1)}`;
    const summary = await get<UsageSummaryView>(`summary?${range}`);
    expect(summary).toMatchObject({ requests: 2, costNanoUsd: String(costOf(55, 9)) });
    const upTo = await get<UsageSummaryView>(`summary?from=${iso(NOON - 89_999)}&to=${iso(NOON)}`);
    expect(upTo.requests).toBe(0);
  });

  it('counts streams that are open at the moment, and only those', async () => {
    const ledger = app.app.get(Ledger);
    const [stream, unary] = await Promise.all([
      ledger.reserve(await admissionOf(app, { requestId: 'open-stream', stream: true })),
      ledger.reserve(await admissionOf(app, { requestId: 'open-unary' })),
    ]);
    expect((await get<UsageSummaryView>('summary')).activeStreams).toBe(1);
    const outcome = {
      status: 'error' as const,
      provider: 'vendor',
      model: 'one',
      legs: [],
      usage: NO_USAGE,
      latencyMs: 1,
      firstChunkMs: null,
      httpStatus: 500,
      errorCode: null,
      upstreamRequestId: null,
      translation: null,
    };
    await Promise.all([stream.settle(outcome), unary.settle(outcome)]);
    expect((await get<UsageSummaryView>('summary')).activeStreams).toBe(0);
  });

  it.each([
    ['from=yesterday', 'from'],
    [`from=${iso(NOON)}&to=${iso(NOON - 1)}`, 'from'],
    ['nobody=1', 'nobody'],
  ])('refuses %s and names it', async (query, param) => {
    const { status, body } = await call<{ error: object }>('GET', `usage/summary?${query}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_value', param });
  });
});

describe('the time series', () => {
  const values = (series: UsageTimeSeriesView, id: string | null) =>
    series.lines.find((line) => line.id === id)?.values;

  it('has a point for each hour, the first and the last cut off', async () => {
    const range = `from=${iso(NOON - 2 * HOUR + 1)}&to=${iso(NOON + HOUR / 2)}`;
    const series = await get<UsageTimeSeriesView>(`time-series?${range}&interval=hour`);
    expect(series.points.map(({ from }) => from)).toEqual([
      iso(NOON - 2 * HOUR + 1),
      iso(NOON - HOUR),
      iso(NOON),
    ]);
    expect(values(series, null)).toEqual([0, 1, 2]);
  });

  it('has a line for each of the largest groups and one for the rest', async () => {
    const path = `time-series?${IN_RANGE}&interval=hour&metric=tokens&groupBy=model&top=2`;
    const series = await get<UsageTimeSeriesView>(path);
    expect(series.lines.map(({ id, name, values: line }) => ({ id, name, line }))).toEqual([
      { id: 'vendor/unpriced', name: 'vendor/unpriced', line: [0, 0, 55] },
      { id: 'vendor/one', name: 'vendor/one', line: [11, 0, 42] },
      { id: null, name: null, line: [0, 22, 0] },
    ]);
  });

  it('has no line for the rest where there is none', async () => {
    const series = await get<UsageTimeSeriesView>(`time-series?${IN_RANGE}&groupBy=status`);
    expect(series.lines.map(({ id }) => id)).toEqual(['ok', 'error']);
  });

  it('tells the exact cost beside the one for display', async () => {
    const path = `time-series?${IN_RANGE}&interval=hour&metric=cost`;
    const [line] = (await get<UsageTimeSeriesView>(path)).lines;
    expect(line?.nanoUsd).toEqual([costOf(10, 1), costOf(20, 2), costOf(35, 7)].map(String));
    expect(line?.values).toEqual([0.000012, 0.000024, 0.000049]);
  });

  it('begins days where the clocks of a zone do', async () => {
    const range = `from=${iso(NOON - DAY)}&to=${iso(NOON + DAY)}`;
    const path = `time-series?${range}&interval=day&timeZone=Europe/Berlin`;
    const { points } = await get<UsageTimeSeriesView>(path);
    expect(points.map(({ from }) => from)).toEqual([
      iso(NOON - DAY),
      '2026-07-13T22:00:00.000Z',
      '2026-07-14T22:00:00.000Z',
    ]);
  });

  it('has means and percentiles, and nothing where there was nothing', async () => {
    const path = `time-series?${IN_RANGE}&interval=hour`;
    const means = await get<UsageTimeSeriesView>(`${path}&metric=meanFirstChunk`);
    expect(means.lines[0]?.values).toEqual([null, null, 30]);
    const p95 = await get<UsageTimeSeriesView>(`${path}&metric=latencyP95&groupBy=provider`);
    const expectNear = (id: string, times: (number | null)[]) => {
      const found = values(p95, id) ?? [];
      expect(found.map((time) => time === null)).toEqual(times.map((time) => time === null));
      times.forEach((time, index) => {
        const off = Math.abs((found[index] ?? 0) - (time ?? 0));
        expect(off).toBeLessThanOrEqual((time ?? 0) / 10);
      });
    };
    expectNear('vendor', [100, 200, 500]);
    expectNear('other', [null, null, 400]);
  });

  it.each([
    ['metric=costs', 'metric'],
    ['groupBy=colour', 'groupBy'],
    ['interval=week', 'interval'],
    ['timeZone=Nowhere', 'timeZone'],
    [`interval=minute&from=2026-01-01&to=2026-06-01`, 'interval'],
    ['metric=latencyP50&groupBy=key', 'groupBy'],
    ['metric=latencyP50&client=client-a', 'metric'],
    ['metric=latencyP50&interval=minute', 'interval'],
  ])('refuses %s and names it', async (query, param) => {
    const { status, body } = await call<{ error: object }>('GET', `usage/time-series?${query}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_value', param });
  });
});

describe('the break-down', () => {
  it('is by what is asked for, the dearest first, with the total of all', async () => {
    const breakdown = await get<UsageBreakdownView>(`breakdown?${IN_RANGE}&by=model`);
    expect(breakdown.items.map(({ id, requests }) => [id, requests])).toEqual([
      ['vendor/one', 2],
      ['vendor/two', 1],
      ['other/one', 1],
      ['vendor/unpriced', 1],
    ]);
    expect(breakdown.items[0]).toMatchObject({
      provider: 'vendor',
      model: 'one',
      clientId: null,
      costNanoUsd: String(costOf(45, 8)),
    });
    const summary = await get<UsageSummaryView>(`summary?${IN_RANGE}`);
    for (const name of ['requests', 'errors', 'costNanoUsd', 'inputTokens'] as const) {
      expect(breakdown.total[name]).toBe(summary[name]);
    }
  });

  it('names clients and keys', async () => {
    const { status, body } = await call<{ id: string; name: string }>('POST', 'clients', {
      name: 'Team A',
    });
    expect(status).toBe(201);
    const at = NOON - 30 * DAY;
    await bookAt(app, at, { requestId: 'named', clientId: body.id, apiKeyId: 'key-n' });
    const range = `from=${iso(at)}&to=${iso(at + 1)}`;
    const clients = await get<UsageBreakdownView>(`clients?${range}`);
    expect(clients.items).toMatchObject([{ id: body.id, name: 'Team A', clientId: body.id }]);
    const keys = await get<UsageBreakdownView>(`breakdown?${range}&by=key`);
    expect(keys.items).toMatchObject([{ id: 'key-n', name: 'Team A · key-n', clientId: body.id }]);
    const of = await call<UsageSummaryView>('GET', `clients/${body.id}/usage?${range}`);
    expect(of.body).toMatchObject({ requests: 1, keys: [{ id: 'key-n' }], models: [{}] });
    expect((await call('GET', `clients/nobody/usage?${range}`)).status).toBe(404);
  });

  it('is a table with a total row as CSV, in which nothing runs', async () => {
    const at = NOON - 60 * DAY;
    await bookAt(app, at, { requestId: 'formula', clientId: '=1+1', apiKeyId: 'k' });
    const answer = await fetch(
      `${app.url}/api/usage/breakdown?by=client&format=csv&from=${iso(at)}&to=${iso(at + 1)}`,
      { headers: { authorization: `Bearer ${app.adminKey}` } },
    );
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, row, total] = (await answer.text()).split('\r\n');
    expect(head?.startsWith('client,name,requests,')).toBe(true);
    expect(row?.startsWith(`'=1+1,'=1+1,1,`)).toBe(true);
    expect(total?.startsWith('total,,1,')).toBe(true);
  });
});

describe('where data are gone by age', () => {
  it('tells of whole hours, and says so', async () => {
    const old = NOON - 100 * DAY;
    await bookAt(app, old, { requestId: 'old' });
    const writer = app.app.get(GroupCommitWriter);
    const horizon = NOON - 90 * DAY;
    await writer.transaction(async (manager) => {
      await moveHorizon(manager, 'entries', horizon - (horizon % DAY));
      await moveHorizon(manager, 'minutes', horizon - (horizon % DAY));
    });
    const range = `from=${iso(old + 1)}&to=${iso(old + 2 * HOUR + 1)}`;
    const summary = await get<UsageSummaryView>(`summary?${range}`);
    expect(summary).toMatchObject({ requests: 1, from: iso(old), to: iso(old + 3 * HOUR) });
    const series = await get<UsageTimeSeriesView>(`time-series?${range}`);
    expect(series).toMatchObject({ from: iso(old), interval: 'hour' });
    const refused = await call('GET', `usage/time-series?${range}&interval=minute`);
    expect(refused.status).toBe(400);
  });
});
