import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestBodiesView } from '../../src/dashboard/usage/request-bodies.view.js';
import type { RequestDetailsView } from '../../src/dashboard/usage/request-details.view.js';
import type { RequestPage } from '../../src/dashboard/usage/request-row.view.js';
import { BodyLog } from '../../src/usage/bodies/body-log.js';
import { BodyRetention } from '../../src/usage/bodies/body-retention.service.js';
import { apiCaller } from '../support/api-caller.js';
import { bookAt, query } from '../support/book-entries.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { holdLock } from '../support/lock-holder.js';
import { parseMetrics, sumOf } from '../support/metrics-text.js';
import { TestApp } from '../support/test-app.js';
import { completion, eitherForm, stream, vendorUsage } from '../support/vendor-answers.js';

const PROVIDER_KEY = 'provider-key-that-looks-like-nothing';
const CLIENT_KEY = 'sk-lp_abcdefghijkl01234567890123456789012345678901crc123';
const MAX_BYTES = 4096;
const USAGE = vendorUsage(9, 4);
const DAY = 86_400_000;

let app: TestApp;
let upstream: FaultUpstream;
let call: ReturnType<typeof apiCaller>;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        {
          name: 'vendor',
          type: 'openai-compatible',
          baseUrl: upstream.url,
          apiKey: PROVIDER_KEY,
          retries: { maxAttempts: 1 },
          breaker: { enabled: false },
        },
      ],
      clients: [{ name: 'ci' }],
    }),
    env: { LOG_BODIES: 'on', LOG_BODIES_MAX_BYTES: String(MAX_BYTES) },
  });
  call = apiCaller(app);
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

async function ask(id: string, content: string, more: object = {}): Promise<string> {
  const messages = [{ role: 'user', content }];
  const answer = await app.chat({ model: 'vendor/m', messages, ...more }, { 'x-request-id': id });
  const text = await answer.text();
  await app.app.get(BodyLog).flush();
  return text;
}

async function get<Body>(path: string): Promise<Body> {
  const { status, body } = await call<Body>('GET', `usage/requests${path}`);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

async function textsOf(id: string): Promise<Record<string, string>> {
  const { items } = await get<RequestBodiesView>(`/${id}/bodies`);
  return Object.fromEntries(items.map(({ kind, text }) => [kind, text]));
}

async function statesOf(id: string): Promise<Record<string, string>> {
  const { bodies } = await get<RequestDetailsView>(`/${id}`);
  return Object.fromEntries(bodies.map(({ kind, state }) => [kind, state]));
}

const found = async (text: string): Promise<string[]> =>
  (await get<RequestPage>(`?text=${encodeURIComponent(text)}`)).items.map(({ id }) => id);

const ALL_STORED = { client_request: 'stored', upstream_request: 'stored', answer: 'stored' };

describe('bodies of requests', () => {
  it('are kept as they were sent, asked upstream and answered', async () => {
    upstream.next({ body: completion('Nothing much.', USAGE) });
    const answer = await ask('whole', 'What is new?');
    const texts = await textsOf('whole');
    expect(JSON.parse(texts['client_request'] ?? '')).toEqual({
      model: 'vendor/m',
      messages: [{ role: 'user', content: 'What is new?' }],
    });
    expect(texts['upstream_request']).toBe(upstream.requests.at(-1)?.body);
    expect(texts['answer']).toBe(answer);
    expect(await statesOf('whole')).toEqual(ALL_STORED);
  });

  it('are kept of a stream, as the client saw it, to its end', async () => {
    upstream.next(stream(['One ', 'two.'], USAGE));
    const answer = await ask('streamed', 'Count.', { stream: true });
    expect(answer.endsWith('data: [DONE]\n\n')).toBe(true);
    expect((await textsOf('streamed'))['answer']).toBe(answer);
  });

  it('are kept of a request that fails, with what its client was told', async () => {
    upstream.next({ status: 500 });
    const answer = await ask('failed', 'Fail.');
    expect(JSON.parse((await textsOf('failed'))['answer'] ?? '')).toEqual(JSON.parse(answer));
  });

  it('are cut where they are too long, in whole characters, and say so', async () => {
    const long = 'ä'.repeat(MAX_BYTES);
    upstream.next(
      stream(
        [...'x'.repeat(200)].map((letter) => letter.repeat(100)),
        USAGE,
      ),
    );
    const answer = await ask('long', long, { stream: true });
    const { items } = await get<RequestBodiesView>('/long/bodies');
    const [client, , told] = items;
    expect(client?.bytes).toBeGreaterThan(2 * MAX_BYTES);
    expect(Buffer.byteLength(client?.text ?? '')).toBeLessThanOrEqual(MAX_BYTES);
    expect(Buffer.byteLength(client?.text ?? '')).toBeGreaterThan(MAX_BYTES - 2);
    expect(client?.text).not.toContain('\ufffd');
    expect(told).toMatchObject({ bytes: Buffer.byteLength(answer), truncated: true });
    expect(told?.text).toBe(answer.slice(0, MAX_BYTES));
    expect((await statesOf('long'))['answer']).toBe('truncated');
  });

  it('never hold keys, wherever they are cut', async () => {
    upstream.next({ body: completion('Done.', USAGE) });
    // The provider's key stands across the place where the text is cut.
    const prefix = `${CLIENT_KEY} Bearer abcdefgh12345678 `;
    const before = JSON.stringify({
      model: 'vendor/m',
      messages: [{ role: 'user', content: prefix }],
    });
    const padding = '.'.repeat(MAX_BYTES - before.length - 5);
    await ask('secrets', `${prefix}${padding}${PROVIDER_KEY} end`);
    const texts = Object.values(await textsOf('secrets')).join('\n');
    expect(texts).toContain('[key]');
    for (const secret of [CLIENT_KEY, 'abcdefgh12345678', PROVIDER_KEY.slice(0, 8)]) {
      expect(texts).not.toContain(secret);
    }
    const details = await get<RequestDetailsView>('/secrets');
    expect(details.bodies.map(({ redacted }) => redacted)).toEqual([true, true, false]);
    const [stored] = await query<{ count: number }>(
      app,
      `SELECT COUNT(*) AS count FROM request_bodies WHERE text LIKE '%${PROVIDER_KEY}%'`,
    );
    expect(stored?.count).toBe(0);
  });

  it('are found by their words, in any of them, newest first', async () => {
    upstream.always(eitherForm('A heron stood there.', USAGE));
    await ask('pond', 'By the pond\nwaits "somebody"; who?');
    await ask('lake', 'By the lake');
    expect(await found('heron')).toEqual(['lake', 'pond']);
    expect(await found('somebody waits')).toEqual(['pond']);
    expect(await found('waits lake')).toEqual([]);
    expect(await found('somebody OR lake')).toEqual([]);
    expect(await found('"; --')).toEqual([]);
    const page = await get<RequestPage>('?text=heron&limit=1');
    expect(page.items.map(({ id }) => id)).toEqual(['lake']);
    const next = await get<RequestPage>(`?text=heron&limit=1&cursor=${page.nextCursor}`);
    expect(next).toMatchObject({ items: [{ id: 'pond' }], nextCursor: null });
    expect((await get<RequestPage>('?text=heron&stream=true')).items).toEqual([]);
  });

  it('are not in what a list says of a request', async () => {
    const { items } = await get<RequestPage>('?limit=50');
    expect(JSON.stringify(items)).not.toContain('heron');
  });

  it('are not kept where the database refuses them: the request is answered, and it is counted', async () => {
    const rows = await query(app, 'SELECT COUNT(*) AS count FROM request_bodies');
    const bodies = app.app.get(BodyLog);
    const record = bodies.begin({ requestId: 'refused', createdAt: Date.now() });
    record?.clientSent('Too late.');
    const holder = await holdLock(`${app.dataDir}/llm-proxy.sqlite`);
    try {
      record?.close();
      await bodies.flush();
    } finally {
      await holder.release();
    }
    const metrics = parseMetrics(await (await fetch(`${app.url}/metrics`)).text());
    expect(sumOf(metrics, 'llm_proxy_bodies_dropped_total')).toBe(1);
    expect(await query(app, 'SELECT COUNT(*) AS count FROM request_bodies')).toEqual(rows);
    expect(app.logLines.filter((line) => line.includes('are not kept'))).toHaveLength(1);
  });

  it('are dropped when too many wait, the newest first, and the rest is written', async () => {
    const bodies = app.app.get(BodyLog);
    const before = parseMetrics(await (await fetch(`${app.url}/metrics`)).text());
    for (let index = 0; index < 10_000; index += 1) {
      const record = bodies.begin({ requestId: `many-${index}`, createdAt: Date.now() });
      record?.clientSent('x'.repeat(MAX_BYTES));
      record?.close();
    }
    const after = parseMetrics(await (await fetch(`${app.url}/metrics`)).text());
    const name = 'llm_proxy_bodies_dropped_total';
    const dropped = sumOf(after, name) - sumOf(before, name);
    // 16 MiB may wait.
    expect(dropped).toBe(10_000 - 4096);
    await bodies.flush();
    const [row] = await query<{ count: number; last: string }>(
      app,
      `SELECT COUNT(*) AS count, MAX(CAST(substr(request_id, 6) AS integer)) AS last
       FROM request_bodies WHERE request_id LIKE 'many-%'`,
    );
    expect(row).toEqual({ count: 4096, last: 4095 });
  });

  it('go by age, their words with them, and say so', async () => {
    const words = () =>
      query<{ count: number }>(app, 'SELECT COUNT(*) AS count FROM request_body_words_docsize');
    expect((await words())[0]?.count).toBeGreaterThan(0);
    await app.app.get(BodyRetention).sweep(Date.now() + 8 * DAY);
    expect(await query(app, 'SELECT COUNT(*) AS count FROM request_bodies')).toEqual([
      { count: 0 },
    ]);
    expect(await words()).toEqual([{ count: 0 }]);
    expect(await found('heron')).toEqual([]);
    const old = { requestId: 'old', bodyLog: true };
    await bookAt(app, Date.now() - 8 * DAY, old);
    expect(new Set(Object.values(await statesOf('old')))).toEqual(new Set(['expired']));
    expect(new Set(Object.values(await statesOf('pond')))).toEqual(new Set(['not_captured']));
  });
});

describe('without LOG_BODIES', () => {
  it('nothing is kept, and what was kept before can be told from that', async () => {
    const other = await TestApp.start();
    try {
      await (
        await other.chat({ model: 'simulated/echo', messages: [{ role: 'user', content: 'x' }] })
      ).text();
      const off = apiCaller(other);
      const { body } = await off<RequestPage>('GET', 'usage/requests');
      const id = body.items[0]?.id as string;
      const details = await off<RequestDetailsView>('GET', `usage/requests/${id}`);
      expect(details.body.bodies.map(({ state }) => state)).toEqual([
        'disabled',
        'disabled',
        'disabled',
      ]);
      expect(other.app.get(BodyLog).begin({ requestId: id, createdAt: 0 })).toBeUndefined();
      const stored = await query(other, 'SELECT COUNT(*) AS count FROM request_bodies');
      expect(stored).toEqual([{ count: 0 }]);
    } finally {
      await other.close();
    }
  });
});
