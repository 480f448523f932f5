import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ANALYTICS } from '../src/database/data-source-options.js';
import { GroupCommitWriter } from '../src/database/group-commit-writer.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { rebuildRollups } from '../src/usage/rollups/rebuild-rollups.js';
import { entriesOf, query } from './support/book-entries.js';
import { ProxyProcess, START_TIMEOUT_MS } from './support/proxy-process.js';
import { SteeredUpstream } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, textChunk, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'key-of-the-recovery-spec-0123456789';
const INPUT_PRICE = 1000;
const OUTPUT_PRICE = 2000;
const USAGE = vendorUsage(120, 77);

let upstream: SteeredUpstream;
let yaml: string;
const folders: string[] = [];
const closing: (() => Promise<void>)[] = [];

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
    prices: [{ model: 'vendor/model', input: INPUT_PRICE / 1000, output: OUTPUT_PRICE / 1000 }],
    clients: [{ name: 'caller', apiKeys: [KEY] }],
  });
});

afterEach(async () => {
  upstream.reply = undefined;
  for (const close of closing.splice(0).toReversed()) await close();
});

afterAll(async () => {
  await upstream.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-proxy-recovery-'));
  folders.push(folder);
  return folder;
}

async function startProcess(dataDir: string): Promise<ProxyProcess> {
  const proxy = await ProxyProcess.start({ dataDir, yaml });
  closing.push(() => proxy.kill());
  return proxy;
}

async function startApp(dataDir: string): Promise<TestApp> {
  const app = await TestApp.start({ dataDir, yaml });
  closing.push(() => app.close());
  return app;
}

/** Sends a request whose prompt begins with its id, so that the upstream knows it too. */
function ask(url: string, requestId: string, stream: boolean): StreamClient {
  return new StreamClient({
    url,
    key: KEY,
    headers: { 'x-request-id': requestId },
    body: {
      model: 'vendor/model',
      stream,
      messages: [{ role: 'user', content: requestId.padEnd(400, '.') }],
    },
  });
}

/** Ids of the requests that an upstream call was made for. */
function calledIds(): string[] {
  return upstream.calls.map(({ body }) => {
    const { messages } = JSON.parse(body) as { messages: [{ content: string }] };
    return messages[0].content.replace(/\.+$/, '');
  });
}

/** The books hold, and the roll-ups are what they would be if they were made anew. */
async function expectSoundBooks(app: TestApp): Promise<void> {
  const checked = await app.app.get(LedgerCheck).run(Date.now() + 20_000);
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
  const rollups = () =>
    query(app, 'SELECT * FROM usage_rollups_now ORDER BY bucket_start, provider, model, status');
  const before = await rollups();
  await rebuildRollups(app.app.get(GroupCommitWriter), app.app.get(getDataSourceToken(ANALYTICS)));
  expect(await rollups()).toEqual(before);
}

async function kindsOf(app: TestApp, requestId: string): Promise<string[]> {
  return (await entriesOf(app, requestId)).map(({ kind }) => kind);
}

describe('a proxy that was killed', () => {
  const IN_FLIGHT = Array.from({ length: 20 }, (_, index) => `flight_${index}`);
  const DONE = Array.from({ length: 5 }, (_, index) => `done_${index}`);
  let killed: string;

  beforeAll(async () => {
    killed = await newFolder();
    const proxy = await ProxyProcess.start({ dataDir: killed, yaml });
    try {
      upstream.reply = (call) => call.json(completion('Yes.', USAGE));
      await Promise.all(DONE.map((id) => ask(proxy.url, id, false).ended));
      const before = upstream.calls.length;
      upstream.reply = (call) => {
        if (call.body.includes('"stream":true')) void call.send(textChunk('So far'));
      };
      const clients = IN_FLIGHT.map((id, index) => ask(proxy.url, id, index % 2 === 0));
      await waitUntil(
        () => upstream.calls.length === before + IN_FLIGHT.length,
        'all requests to be in flight',
      );
      for (const client of clients.filter((_, index) => index % 2 === 0)) {
        await client.waitForFrames(1);
      }
      await proxy.kill();
      const ends = await Promise.all(clients.map(({ ended }) => ended));
      expect(new Set(ends)).toEqual(new Set(['broken']));
    } finally {
      await proxy.kill();
    }
  }, START_TIMEOUT_MS);

  async function copyOfKilled(): Promise<string> {
    const folder = await newFolder();
    await cp(killed, folder, { recursive: true });
    return folder;
  }

  async function expectRecovered(app: TestApp): Promise<void> {
    const rows = await app.rows();
    expect(rows.map((row) => row.request_id).toSorted()).toEqual(
      [...IN_FLIGHT, ...DONE].toSorted(),
    );
    for (const row of rows) {
      const isDone = DONE.includes(row.request_id);
      expect(row).toMatchObject(
        isDone
          ? { status: 'ok', input_tokens: 120, output_tokens: 77, estimated: false }
          : {
              status: 'interrupted',
              attempts: 1,
              client: 'caller',
              error_code: 'interrupted',
              input_tokens: 100,
              output_tokens: 0,
              cost_nano_usd: 100 * INPUT_PRICE,
              estimated: true,
            },
      );
      const kinds = ['reserved', isDone ? 'settled' : 'interrupted'];
      expect(await kindsOf(app, row.request_id)).toEqual(kinds);
    }
    await expectSoundBooks(app);
  }

  it('finds at its next start what was in flight: each interrupted, once, estimated', async () => {
    const app = await startApp(await copyOfKilled());
    await expectRecovered(app);
    const processes = await query<{ pid: number }>(app, 'SELECT pid FROM processes');
    expect(processes).toEqual([{ pid: process.pid }]);
  });

  it('changes nothing more at the start after that', async () => {
    const folder = await copyOfKilled();
    const app = await startApp(folder);
    const before = await app.rows();
    await app.close();
    closing.pop();
    const again = await startApp(folder);
    expect(await again.rows()).toEqual(before);
    await expectRecovered(again);
  });

  it('is cleaned up after once when two start at the same moment', async () => {
    const folder = await copyOfKilled();
    await Promise.all([startProcess(folder), startProcess(folder)]);
    const app = await startApp(folder);
    await waitUntil(
      async () => (await app.rows()).length === IN_FLIGHT.length + DONE.length,
      'everything to be closed',
    );
    await expectRecovered(app);
  });
});

describe('a proxy beside one that is killed', () => {
  it('closes what the other one had in flight, and keeps its own', async () => {
    const folder = await newFolder();
    const survivor = await startApp(folder);
    const victim = await startProcess(folder);
    const index = upstream.calls.length;
    const lost = ask(victim.url, 'of_the_victim', true);
    await upstream.waitForCall(index);
    const kept = ask(survivor.url, 'of_the_survivor', false);
    const call = await upstream.waitForCall(index + 1);
    await victim.kill();
    await lost.ended;
    const rows = await waitUntil(async () => {
      const found = await survivor.rows();
      return found.length > 0 && found;
    }, 'the request of the victim to be closed');
    expect(rows).toMatchObject([{ request_id: 'of_the_victim', status: 'interrupted' }]);

    call.json(completion('Still here.', USAGE));
    expect(await kept.ended).toBe('whole');
    expect(await kindsOf(survivor, 'of_the_survivor')).toEqual(['reserved', 'settled']);
    await expectSoundBooks(survivor);
  }, 60_000);

  it('loses and doubles nothing when the other one is killed under load, again and again', async () => {
    const folder = await newFolder();
    const seenWhole: string[] = [];
    const before = new Set(calledIds());
    let sent = 0;
    upstream.reply = (call) => {
      if (call.body.includes('"stream":true')) {
        void call.send(...streamEvents(['a', 'b', 'c'], USAGE)).then(() => call.done());
      } else {
        call.json(completion('abc', USAGE));
      }
    };

    for (let round = 0; round < 3; round += 1) {
      const proxy = await startProcess(folder);
      const killing = new AbortController();
      const worker = async (): Promise<void> => {
        for (;;) {
          if (killing.signal.aborted) return;
          sent += 1;
          const id = `load_${sent}`;
          const stream = sent % 2 === 0;
          const client = ask(proxy.url, id, stream);
          if ((await client.ended) !== 'whole') continue;
          const { statusCode } = await client.answered;
          if (statusCode === 200 && (!stream || client.isDone)) seenWhole.push(id);
        }
      };
      const goal = seenWhole.length + 60 + round * 17;
      const workers = Array.from({ length: 8 }, worker);
      await waitUntil(() => seenWhole.length >= goal, 'answers under load');
      await proxy.kill();
      killing.abort();
      await Promise.all(workers);
    }

    const app = await startApp(folder);
    const rows = await app.rows();
    const byId = new Map(rows.map((row) => [row.request_id, row]));
    expect(byId.size).toBe(rows.length);
    // Every answer that was seen is settled with what the upstream counted …
    const wrong = seenWhole.filter((id) => {
      const row = byId.get(id);
      return row?.status !== 'ok' || row.output_tokens !== 77 || row.input_tokens !== 120;
    });
    expect(wrong).toEqual([]);
    // … and every call that was made has a row.
    const called = calledIds().filter((id) => !before.has(id));
    expect(called.length).toBeGreaterThanOrEqual(seenWhole.length);
    expect(called.filter((id) => !byId.has(id))).toEqual([]);
    expect(rows.filter(({ status }) => status !== 'ok' && status !== 'interrupted')).toEqual([]);
    await expectSoundBooks(app);
  }, 120_000);
});

describe('a proxy that was taken for dead and is not', () => {
  /** Two apps in one process: each takes the row of the other, with its own process id, for an old one. */
  async function takenForDead(stream: boolean) {
    const folder = await newFolder();
    const living = await startApp(folder);
    const index = upstream.calls.length;
    const client = ask(living.url, 'late', stream);
    const call = await upstream.waitForCall(index);
    if (stream) {
      await call.send(textChunk('Not '));
      await client.waitForFrames(1);
    }
    const other = await startApp(folder);
    expect(await kindsOf(other, 'late')).toEqual(['reserved', 'interrupted']);
    expect(await other.rows()).toMatchObject([
      { status: 'interrupted', input_tokens: 100, cost_nano_usd: 100 * INPUT_PRICE },
    ]);
    return { client, call, other };
  }

  it.each([false, true])(
    'settles late, and the export has one right row (stream: %s)',
    async (stream) => {
      const { client, call, other } = await takenForDead(stream);
      if (stream) {
        await call.send(...streamEvents(['dead.'], USAGE).slice(1));
        await call.done();
      } else {
        call.json(completion('Not dead.', USAGE));
      }
      expect(await client.ended).toBe('whole');
      expect(await kindsOf(other, 'late')).toEqual([
        'reserved',
        'interrupted',
        'adjusted',
        'adjusted',
      ]);
      expect(await other.rows()).toMatchObject([
        {
          request_id: 'late',
          status: 'ok',
          http_status: 200,
          error_code: null,
          input_tokens: 120,
          output_tokens: 77,
          cost_nano_usd: 120 * INPUT_PRICE + 77 * OUTPUT_PRICE,
          estimated: false,
          stream,
        },
      ]);
      const counted = await query(
        other,
        `SELECT status, requests, input_tokens AS input FROM usage_rollups_now
          WHERE bucket_ms = 60000 ORDER BY status`,
      );
      expect(counted).toEqual([
        { status: 'interrupted', requests: 0, input: 0 },
        { status: 'ok', requests: 1, input: 120 },
      ]);
      const [totals] = await query(
        other,
        `SELECT SUM(requests) AS requests, SUM(input_tokens) AS input, SUM(output_tokens) AS output,
          SUM(cost_nano_usd) AS cost FROM usage_rollups_now WHERE bucket_ms = 86400000`,
      );
      expect(totals).toEqual({
        requests: 1,
        input: 120,
        output: 77,
        cost: 120 * INPUT_PRICE + 77 * OUTPUT_PRICE,
      });
      await expectSoundBooks(other);
    },
  );

  it('takes back what was estimated when the call failed', async () => {
    const { client, call, other } = await takenForDead(false);
    call.cut();
    await client.ended;
    expect(await other.rows()).toMatchObject([
      { status: 'error', input_tokens: 0, output_tokens: 0, cost_nano_usd: 0, estimated: false },
    ]);
    const [totals] = await query(
      other,
      'SELECT SUM(input_tokens) AS input, SUM(cost_nano_usd) AS cost FROM usage_rollups_now WHERE bucket_ms = 86400000',
    );
    expect(totals).toEqual({ input: 0, cost: 0 });
    await expectSoundBooks(other);
  });
});
