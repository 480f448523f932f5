import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestDetailsView } from '../../src/dashboard/usage/request-details.view.js';
import type { RequestHistogramView } from '../../src/dashboard/usage/request-histogram.view.js';
import type { RequestPage } from '../../src/dashboard/usage/request-row.view.js';
import { NO_USAGE } from '../../src/providers/contract/token-usage.js';
import { Ledger } from '../../src/usage/ledger.js';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import { correctionOf } from '../../src/usage/correction.js';
import { readUsageEntry } from '../../src/usage/read-usage-entry.js';
import { UsageEntries } from '../../src/usage/usage-entries.js';
import type { UsageRow } from '../../src/usage/usage-export.js';
import { apiCaller } from '../support/api-caller.js';
import { admissionOf, bookAt, outcomeOf, query } from '../support/book-entries.js';
import { signInAs } from '../support/dashboard-client.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { TestApp } from '../support/test-app.js';
import { completion, vendorUsage } from '../support/vendor-answers.js';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 6, 14, 12);
const COUNT = 130;

let app: TestApp;
let upstream: FaultUpstream;
let call: ReturnType<typeof apiCaller>;

async function get<Body>(path: string): Promise<Body> {
  const { status, body } = await call<Body>('GET', `usage/requests${path}`);
  expect({ path, status, body: status === 200 ? undefined : body }).toEqual({ path, status: 200 });
  return body;
}

const idsOf = async (filter: string): Promise<string[]> =>
  (await get<RequestPage>(`?limit=500&${filter}`)).items.map(({ id }) => id);

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        {
          name: 'vendor',
          type: 'openai-compatible',
          baseUrl: upstream.url,
          retries: { maxAttempts: 2, baseMs: 0 },
          breaker: { enabled: false },
        },
      ],
      prices: [{ model: 'vendor/priced', input: '3', cachedInput: '0.3', output: '15' }],
      clients: [{ name: 'ci' }],
    }),
  });
  call = apiCaller(app);
  for (let index = 0; index < COUNT; index += 1) {
    // Two in each millisecond, three days of them, an hour or so between.
    const at = NOON - Math.floor(index / 2) * (HOUR + 7);
    const isRare = index % 50 === 7;
    await bookAt(
      app,
      at,
      {
        requestId: `row-${String(COUNT - index).padStart(3, '0')}`,
        clientId: isRare ? 'client-rare' : 'client-common',
        apiKeyId: isRare ? 'key-rare' : 'key-common',
        hasImages: index === 20,
        stream: index % 3 === 0,
      },
      {
        provider: 'vendor',
        model: 'priced',
        status: index % 10 === 3 ? 'error' : 'ok',
        latencyMs: index * 10,
        usage: { ...NO_USAGE, inputUncached: 1000 * index, outputText: 1, estimated: index === 30 },
      },
    );
  }
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

/** Newest first, and the later id first within a millisecond. */
const ALL = Array.from(
  { length: COUNT },
  (_, index) => `row-${String(COUNT - index).padStart(3, '0')}`,
);

describe('the list of requests', () => {
  it('has each of them once, newest first, over pages, while others are added', async () => {
    const found: string[] = [];
    let cursor = '';
    for (let page = 0; ; page += 1) {
      const { items, nextCursor } = await get<RequestPage>(
        `?to=2026-07-14T12:00:00.001Z&limit=7${cursor}`,
      );
      found.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
      if (page < 3) await bookAt(app, NOON + 1 + page, { requestId: `late-${page}` });
    }
    expect(found).toEqual(ALL);
    expect((await idsOf('')).slice(0, 3)).toEqual(['late-2', 'late-1', 'late-0']);
  });

  it('has the figures of a row in less than a kilobyte, and no bodies', async () => {
    const { items } = await get<RequestPage>('?requestId=row-110');
    expect(items).toEqual([
      {
        id: 'row-110',
        createdAt: new Date(NOON - 10 * (HOUR + 7)).toISOString(),
        clientId: 'client-common',
        clientName: 'client-common',
        apiKeyId: 'key-common',
        dialect: 'chat',
        requestedModel: 'simulated/echo',
        provider: 'vendor',
        model: 'priced',
        status: 'ok',
        httpStatus: 200,
        errorCode: null,
        stream: false,
        attempts: 0,
        inputTokens: 20_000,
        cachedInputTokens: 0,
        outputTokens: 1,
        reasoningTokens: 0,
        costNanoUsd: String(20_000 * 3000 + 15_000),
        costUsd: 0.060015,
        estimated: false,
        cacheHit: false,
        hasImages: true,
        latencyMs: 200,
        firstChunkMs: null,
      },
    ]);
    expect(JSON.stringify(items[0]).length).toBeLessThan(1024);
  });

  const every = (test: (index: number) => boolean) => ALL.filter((_, index) => test(index));
  it.each([
    ['client=client-rare', every((index) => index % 50 === 7)],
    ['key=key-rare', every((index) => index % 50 === 7)],
    ['status=error', every((index) => index % 10 === 3)],
    ['status=error&client=client-rare', []],
    ['provider=vendor&model=priced&status=interrupted', []],
    ['hasImages=true', ['row-110']],
    ['estimated=true', ['row-100']],
    ['stream=true', every((index) => index % 3 === 0)],
    ['stream=false&client=client-rare', every((index) => index % 50 === 7 && index % 3 !== 0)],
    ['cacheHit=true', []],
    ['minLatency=1280', ['row-002', 'row-001']],
    ['minCost=0.384', ['row-002', 'row-001']],
    ['requestId=row-00', every((index) => index > COUNT - 10)],
    [
      `from=${new Date(NOON).toISOString()}&to=${new Date(NOON + 1).toISOString()}`,
      ALL.slice(0, 2),
    ],
    [`to=${new Date(NOON - 64 * (HOUR + 7)).toISOString()}`, []],
  ])('%s', async (filter, expected) => {
    expect(await idsOf(filter)).toEqual(expected);
  });

  it('has what is exported with the same filter', async () => {
    for (const filter of ['status=error', 'minLatency=500&stream=true', 'client=client-rare']) {
      const answer = await fetch(`${app.url}/api/usage/export?${filter}`, {
        headers: { authorization: `Bearer ${app.adminKey}` },
      });
      const rows = (await answer.text())
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as UsageRow).request_id);
      expect(rows.toReversed()).toEqual(await idsOf(filter));
    }
  });

  it.each([
    ['limit=501', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['status=open', 'status'],
    ['minCost=much', 'minCost'],
    ['minLatency=-1', 'minLatency'],
    ['stream=maybe', 'stream'],
    ['requestId=%25', 'requestId'],
  ])('refuses %s and names it', async (filter, param) => {
    const { status, body } = await call<{ error: object }>('GET', `usage/requests?${filter}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_value', param });
  });

  it('gives words of bodies to nobody who may not read those', async () => {
    const viewer = await signInAs(app, 'viewer');
    expect((await viewer.send('GET', 'usage/requests?limit=1')).status).toBe(200);
    expect((await viewer.send('GET', 'usage/requests?text=word')).status).toBe(403);
    expect((await viewer.send('GET', 'usage/requests/row-001/bodies')).status).toBe(403);
    const operator = await signInAs(app, 'operator');
    expect((await operator.send('GET', 'usage/requests?text=word')).status).toBe(200);
  });
});

describe('the histogram of requests', () => {
  it('counts by status, and says which filters it knows nothing of', async () => {
    const day = `from=2026-07-13T12:00:00Z&to=2026-07-14T13:00:00Z`;
    const histogram = await get<RequestHistogramView>(
      `/histogram?${day}&client=client-common&minLatency=10&stream=true`,
    );
    expect(histogram.notApplied).toEqual(['minLatency', 'stream']);
    const sums = histogram.lines.map(({ id, values }) => [
      id,
      values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    ]);
    const listed = (await get<RequestPage>(`?${day}&client=client-common&limit=500`)).items;
    const counted = ['ok', 'error'].map((status) => [
      status,
      listed.filter((row) => row.status === status).length,
    ]);
    expect(sums).toEqual(counted);
  });
});

describe('a request', () => {
  it('has its neighbours within the filter', async () => {
    const path = '/row-123?client=client-rare';
    expect(await get<RequestDetailsView>(path)).toMatchObject({
      newerId: null,
      olderId: 'row-073',
    });
    expect(await get<RequestDetailsView>('/row-073?client=client-rare')).toMatchObject({
      newerId: 'row-123',
      olderId: 'row-023',
    });
    // Whichever filter it passes itself.
    expect(await get<RequestDetailsView>('/row-074?client=client-rare')).toMatchObject({
      newerId: 'row-123',
      olderId: 'row-073',
    });
    expect(await get<RequestDetailsView>('/row-073')).toMatchObject({
      newerId: 'row-074',
      olderId: 'row-072',
    });
  });

  it('is told with its attempts, its price and what the cost is made of', async () => {
    const usage = vendorUsage(900, 70, { cached: 300, reasoning: 20 });
    upstream.next({ status: 500 }, { body: completion('Yes.', usage) });
    const answer = await app.chat(
      { model: 'vendor/priced', messages: [{ role: 'user', content: 'Really?' }], top_k: 3 },
      { 'x-llm-proxy-tags': 'team=a', 'x-request-id': 'detailed' },
    );
    expect(answer.status).toBe(200);
    await answer.text();
    const details = await get<RequestDetailsView>('/detailed');
    expect(details).toMatchObject({
      id: 'detailed',
      status: 'ok',
      attempts: 2,
      tags: 'team=a',
      legs: [
        { provider: 'vendor', status: 'error', httpStatus: 500, hedge: false },
        { provider: 'vendor', status: 'ok', error: null },
      ],
      settlement: { kind: 'settled', inputTokens: 900, outputTokens: 70 },
      corrections: [],
      price: { source: 'override' },
      usageRaw: usage,
      bodies: [
        { kind: 'client_request', state: 'disabled', bytes: null },
        { kind: 'upstream_request', state: 'disabled' },
        { kind: 'answer', state: 'disabled' },
      ],
    });
    expect(details.reservation.createdAt).toBe(details.createdAt);
    expect(details.cost).toEqual([
      {
        of: 'inputUncached',
        count: 600,
        picoUsdEach: 3_000_000,
        picoUsd: '1800000000',
        costUsd: 0.0018,
      },
      { of: 'cacheRead', count: 300, picoUsdEach: 300_000, picoUsd: '90000000', costUsd: 0.00009 },
      {
        of: 'outputText',
        count: 50,
        picoUsdEach: 15_000_000,
        picoUsd: '750000000',
        costUsd: 0.00075,
      },
      {
        of: 'outputReasoning',
        count: 20,
        picoUsdEach: 15_000_000,
        picoUsd: '300000000',
        costUsd: 0.0003,
      },
    ]);
    const pico = details.cost.reduce((sum, part) => sum + BigInt(part.picoUsd), 0n);
    expect(String(pico / 1000n)).toBe(details.costNanoUsd);
    expect((await call('GET', 'usage/requests/detailed/bodies')).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('holds as it was corrected, in the list and by itself', async () => {
    const [row] = await query<Record<string, unknown>>(
      app,
      `SELECT * FROM usage_entries WHERE request_id = 'row-050' AND sequence = 1`,
    );
    const booked = readUsageEntry(row as Record<string, unknown>);
    const truth = { ...booked, status: 'interrupted' as const, costNanoUsd: 7 };
    await app.app
      .get(GroupCommitWriter)
      .transaction((manager) =>
        app.app.get(UsageEntries).write(manager, correctionOf(booked, truth)),
      );
    const details = await get<RequestDetailsView>('/row-050');
    expect(details).toMatchObject({
      status: 'interrupted',
      costNanoUsd: '7',
      settlement: { status: 'ok', costNanoUsd: String(booked.costNanoUsd) },
      corrections: [{ kind: 'adjusted', status: 'interrupted', costNanoUsd: '7' }],
    });
    expect(await idsOf('status=interrupted')).toEqual(['row-050']);
    expect((await idsOf('status=ok')).includes('row-050')).toBe(false);
    expect((await idsOf('requestId=row-050')).length).toBe(1);
  });

  it('is open until it is settled, and not in the list before', async () => {
    const ledger = app.app.get(Ledger);
    const reservation = await ledger.reserve(await admissionOf(app, { requestId: 'in-flight' }));
    expect(await get<RequestDetailsView>('/in-flight')).toMatchObject({
      status: 'open',
      settlement: null,
      cost: [],
    });
    expect(await idsOf('requestId=in-flight')).toEqual([]);
    await reservation.settle(outcomeOf());
    expect(await idsOf('requestId=in-flight')).toEqual(['in-flight']);
  });

  it('that there is none of is not found', async () => {
    expect((await call('GET', 'usage/requests/nobody')).status).toBe(404);
    expect((await call('GET', 'usage/requests/nobody/bodies')).status).toBe(404);
  });
});
