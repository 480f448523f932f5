import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { InFlight } from '../src/common/in-flight.js';
import { SQLITE_FILE_NAME } from '../src/database/data-source-options.js';
import { Ledger } from '../src/usage/ledger.js';
import { expectEnvelope, expectRefusal, partsOf, type Refusal } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { holdLock } from './support/lock-holder.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, USAGE } from './support/vendor-answers.js';

const PROVIDER_KEY = 'provider-key-0123456789';

const LEDGER_UNAVAILABLE: Refusal = {
  status: 503,
  type: 'service_unavailable_error',
  code: 'ledger_unavailable',
};
const SHUTTING_DOWN: Refusal = {
  status: 503,
  type: 'service_unavailable_error',
  code: 'shutting_down',
};

let upstream: FaultUpstream;
let proxy: TestApp;
let key: string;
let secrets: string[];
let earlierCalls = 0;

async function start(): Promise<void> {
  upstream = await FaultUpstream.start();
  proxy = await TestApp.start({
    yaml: `providers: [{ name: one, type: openai, baseUrl: "${upstream.url}/v1", apiKey: ${PROVIDER_KEY} }]`,
  });
  const created = await proxy.app.get(ApiKeysService).createForClientName('caller');
  key = created.key.reveal();
  secrets = [key, proxy.adminKey, PROVIDER_KEY, new URL(upstream.url).port];
}

async function stop(): Promise<void> {
  await proxy.close();
  await upstream.close();
}

function ask(more: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'one/gpt-4o', messages: HELLO, ...more }),
  });
}

const openReservations = (): number => proxy.app.get(Ledger).openReservations;

/** Keeps everybody else from writing to the proxy's database until the returned function is called. */
async function lockDatabase(): Promise<() => Promise<void>> {
  const holder = await holdLock(join(proxy.dataDir, SQLITE_FILE_NAME), 'BEGIN EXCLUSIVE');
  return () => holder.release();
}

describe('a ledger that cannot be written', () => {
  beforeAll(start);
  afterAll(stop);
  beforeEach(() => {
    earlierCalls = upstream.requests.length;
  });

  it(
    'refuses without calling an upstream, and recovers by itself',
    { timeout: 60_000 },
    async () => {
      upstream.always({ body: completion('Hi', USAGE) });
      expect((await ask()).status).toBe(200);
      const rowsBefore = await proxy.rows();
      const callsBefore = upstream.requests.length;

      const unlock = await lockDatabase();
      const answers = await Promise.all([
        ...Array.from({ length: 20 }, (_, index) => ask({ stream: index % 2 === 0 })),
        ask({}, { 'idempotency-key': 'once' }),
      ]);
      const live = await fetch(`${proxy.url}/health/live`);
      await unlock();

      expect(live.status).toBe(200);
      expect(answers).toHaveLength(21);
      for (const answer of answers) {
        const parts = await partsOf(answer);
        expectRefusal(parts, LEDGER_UNAVAILABLE, secrets);
        expect(parts.headers).toMatchObject({
          'retry-after': '1',
          'retry-after-ms': '1000',
          'x-llm-proxy-attempts': '0',
        });
      }
      expect(upstream.requests).toHaveLength(callsBefore);
      expect(await proxy.rows()).toEqual(rowsBefore);
      expect(openReservations()).toBe(0);

      expect((await ask({}, { 'idempotency-key': 'once' })).status).toBe(200);
      expect(upstream.requests).toHaveLength(callsBefore + 1);
      expect(await proxy.rows()).toHaveLength(rowsBefore.length + 1);
    },
  );

  it('does not say that a call was not made when it was', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    upstream.next({ body: completion('Hi', USAGE), gate });
    const asked = ask();
    await upstream.waitForRequest(earlierCalls);
    const unlock = await lockDatabase();
    open();
    const parts = await partsOf(await asked);
    const { message } = expectRefusal(parts, LEDGER_UNAVAILABLE, secrets);
    expect(message).toBe('Usage cannot be recorded at the moment, so the answer is withheld.');
    expect(parts.headers['x-llm-proxy-attempts']).toBe('1');
    await unlock();

    await expect.poll(openReservations, { timeout: 10_000 }).toBe(0);
    const rows = (await proxy.rows()).filter(
      (row) => row.request_id === parts.headers['x-request-id'],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ input_tokens: 9, output_tokens: 4 });
  });

  it('does not end a stream as if it were whole', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    upstream.next({
      events: streamEvents(['One', ' two'], USAGE),
      done: true,
      cut: 'per-event',
      gate,
    });
    const answer = await ask({ stream: true });
    const unlock = await lockDatabase();
    open();
    const text = await answer.text();
    await unlock();

    expect(text).not.toContain('[DONE]');
    const last = text.trim().split('\n\n').at(-1)!;
    expectEnvelope(JSON.parse(last.slice('data: '.length)), LEDGER_UNAVAILABLE);
    await expect.poll(openReservations, { timeout: 10_000 }).toBe(0);
    const rows = (await proxy.rows()).filter(
      (row) => row.request_id === answer.headers.get('x-request-id'),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ input_tokens: 9, output_tokens: 4 });
  });
});

describe('a proxy that shuts down', () => {
  beforeAll(start);
  afterAll(stop);

  it('refuses what is new, lets what is under way finish, and says so to its load balancer', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    upstream.next({
      events: streamEvents(['One', ' two'], USAGE),
      done: true,
      cut: 'per-event',
      gate,
    });
    const running = await ask({ stream: true });
    expect((await fetch(`${proxy.url}/health/ready`)).status).toBe(200);

    proxy.app.get(InFlight).beginDrain();
    for (const stream of [false, true]) {
      const parts = await partsOf(await ask({ stream }));
      expectRefusal(parts, SHUTTING_DOWN, secrets);
      expect(parts.headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
    }
    const ready = await fetch(`${proxy.url}/health/ready`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 503,
      body: { status: 'draining' },
    });
    expect((await fetch(`${proxy.url}/health/live`)).status).toBe(200);

    open();
    expect((await running.text()).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(upstream.requests).toHaveLength(1);
    expect(await proxy.rows()).toMatchObject([{ status: 'ok', output_tokens: 4 }]);
  });

  it('closes the connection of whom it refused', async () => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    const body = JSON.stringify({ model: 'one/gpt-4o', messages: HELLO });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\nx-api-key: ${key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let text = '';
    for await (const piece of socket) text += String(piece);
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text.toLowerCase()).toContain('\r\nconnection: close\r\n');
  });
});
