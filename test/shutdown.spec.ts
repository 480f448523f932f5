import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InFlight } from '../src/common/in-flight.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { query } from './support/book-entries.js';
import { ProxyProcess, START_TIMEOUT_MS } from './support/proxy-process.js';
import { SteeredUpstream, type SteeredCall } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, textChunk, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'key-of-the-shutdown-spec-0123456789';
const USAGE = vendorUsage(12, 34);
const MESSAGES = [{ role: 'user', content: 'p'.repeat(400) }];

let upstream: SteeredUpstream;
let yaml: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  upstream = await SteeredUpstream.start();
  yaml = JSON.stringify({
    providers: [
      {
        name: 'vendor',
        type: 'openai-compatible',
        baseUrl: upstream.url,
        breaker: { enabled: false },
        retries: { maxAttempts: 1 },
      },
    ],
    clients: [{ name: 'caller', apiKeys: [KEY] }],
  });
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-shutdown-'));
  closing.push(() => rm(dataDir, { recursive: true, force: true }));
  const proxy = await ProxyProcess.start({ dataDir, yaml, env });
  closing.push(() => proxy.kill());
  return { proxy, dataDir };
}

/** Opens requests and waits until the upstream has all of them. */
async function openMany(url: string, count: number, stream: boolean) {
  const before = upstream.calls.length;
  const clients = Array.from({ length: count }, () => ask(url, stream));
  await waitUntil(() => upstream.calls.length === before + count, 'all calls to arrive');
  return { clients, calls: upstream.calls.slice(before) };
}

function ask(url: string, stream: boolean): StreamClient {
  return new StreamClient({
    url,
    key: KEY,
    body: { model: 'vendor/model', stream, messages: MESSAGES },
  });
}

async function finish(call: SteeredCall): Promise<void> {
  await call.send(...streamEvents(['the rest'], USAGE).slice(1));
  await call.done();
}

async function expectDraining(url: string): Promise<void> {
  await waitUntil(
    async () => (await fetch(`${url}/health/ready`)).status === 503,
    'readiness to end',
  );
  const ready = await fetch(`${url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const refused = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'vendor/model', messages: MESSAGES }),
  });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({
    error: { type: 'service_unavailable_error', code: 'shutting_down' },
  });
  expect(refused.headers.get('connection')).toBe('close');
  expect(refused.headers.get('retry-after')).toBe('1');
}

/** The rows that a stopped proxy left behind, and nothing of it beside them. */
async function rowsIn(dataDir: string) {
  const app = await TestApp.start({ dataDir, yaml });
  try {
    const processes = await query<{ pid: number }>(app, 'SELECT pid FROM processes');
    return { rows: await app.rows(), processes: processes.map(({ pid }) => pid) };
  } finally {
    await app.close();
  }
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it(
    'refuses what is new, lets 200 streams and a unary answer finish, and ends with 0',
    async () => {
      const { proxy, dataDir } = await start();
      const { clients, calls } = await openMany(proxy.url, 200, true);
      const unary = await openMany(proxy.url, 1, false);
      await Promise.all(calls.map((call) => call.send(textChunk('first '))));
      await Promise.all(clients.map((client) => client.waitForFrames(1)));

      proxy.signal(signal);
      await expectDraining(proxy.url);
      expect(upstream.calls.filter(({ isAborted }) => isAborted)).toEqual([]);

      unary.calls[0]?.json(completion('Whole.', USAGE));
      await Promise.all(calls.map(finish));
      const ends = await Promise.all([...clients, ...unary.clients].map(({ ended }) => ended));
      expect(ends.filter((end) => end !== 'whole')).toEqual([]);
      expect(clients.filter(({ isDone, text }) => !isDone || text !== 'first the rest')).toEqual(
        [],
      );
      expect((await unary.clients[0]?.answered)?.statusCode).toBe(200);
      expect(await proxy.exited).toBe(0);

      const { rows, processes } = await rowsIn(dataDir);
      expect(rows).toHaveLength(201);
      const wrong = rows.filter((row) => row.status !== 'ok' || row.output_tokens !== 34);
      expect(wrong).toEqual([]);
      expect(processes).toEqual([process.pid]);
    },
    START_TIMEOUT_MS,
  );
});

describe('a shutdown that takes too long', () => {
  it('ends what is left with a typed error and a row, and ends with 0', async () => {
    const { proxy, dataDir } = await start({ SHUTDOWN_DRAIN_SECONDS: '1' });
    const { clients, calls } = await openMany(proxy.url, 20, true);
    await Promise.all(calls.map((call) => call.send(textChunk('x'.repeat(40)))));
    await Promise.all(clients.map((client) => client.waitForFrames(1)));
    const unary = await openMany(proxy.url, 3, false);

    proxy.signal('SIGTERM');
    expect(await proxy.exited).toBe(0);
    const error = { type: 'service_unavailable_error', code: 'shutting_down' };
    for (const client of clients) {
      expect(await client.ended).toBe('whole');
      expect(client.isDone).toBe(false);
      expect(client.values.at(-1)).toMatchObject({ error });
    }
    for (const client of unary.clients) {
      expect((await client.answered).statusCode).toBe(503);
      await client.ended;
      expect(JSON.parse(client.raw)).toMatchObject({ error });
    }
    for (const call of [...calls, ...unary.calls]) await call.waitForAbort();

    const { rows } = await rowsIn(dataDir);
    expect(rows).toHaveLength(23);
    for (const row of rows) {
      expect(row).toMatchObject({
        status: 'error',
        error_code: 'shutting_down',
        http_status: 503,
        output_tokens: row.stream ? countTokensInSlices('x'.repeat(40)) : 0,
      });
    }
  });

  it('ends at once at a second signal; what was in flight is interrupted', async () => {
    const { proxy, dataDir } = await start();
    const { clients } = await openMany(proxy.url, 3, true);
    proxy.signal('SIGTERM');
    await expectDraining(proxy.url);
    // One that comes right after the first counts as its echo.
    const code = await waitUntil(() => {
      proxy.signal('SIGTERM');
      return Promise.race([
        proxy.exited,
        new Promise<false>((resolve) => setImmediate(resolve, false)),
      ]);
    }, 'the process to end');
    expect(code).toBe(1);
    await Promise.all(clients.map(({ ended }) => ended));
    const { rows } = await rowsIn(dataDir);
    expect(rows.map(({ status }) => status)).toEqual(Array(3).fill('interrupted'));
  });

  it('takes the echo of a signal for what it is', async () => {
    const { proxy } = await start();
    const { clients, calls } = await openMany(proxy.url, 1, true);
    await calls[0]?.send(textChunk('first '));
    proxy.signal('SIGTERM');
    proxy.signal('SIGINT');
    await expectDraining(proxy.url);
    await finish(calls[0] as SteeredCall);
    expect(await clients[0]?.ended).toBe('whole');
    expect(clients[0]?.isDone).toBe(true);
    expect(await proxy.exited).toBe(0);
  });

  it('does not wait for a connection that nobody uses', async () => {
    const { proxy } = await start();
    const agent = new Agent({ keepAlive: true });
    const socket = await new Promise<Socket>((resolve) => {
      request(`${proxy.url}/health/live`, { agent })
        .once('response', (answer) => {
          const { socket: used } = answer;
          answer.resume().once('end', () => resolve(used));
        })
        .end();
    });
    expect(socket.destroyed).toBe(false);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    proxy.signal('SIGTERM');
    await closed;
    expect(await proxy.exited).toBe(0);
  });
});

describe('draining', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ yaml });
  });

  afterAll(() => app.close());

  it('refuses a request whose body was still on its way, and calls nobody', async () => {
    const calls = upstream.calls.length;
    const body = JSON.stringify({ model: 'vendor/model', messages: MESSAGES });
    const sending = request(`${app.url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'content-length': body.length,
      },
    });
    const answered = new Promise<number | undefined>((resolve) => {
      sending.once('response', (answer) => resolve(answer.resume().statusCode));
    });
    await new Promise<void>((resolve) => {
      sending.write(body.slice(0, 20), () => resolve());
    });
    app.app.get(InFlight).beginDrain();
    sending.end(body.slice(20));
    expect(await answered).toBe(503);
    expect(upstream.calls).toHaveLength(calls);
    expect(await app.rows()).toEqual([]);
  });
});
