import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { RateLimits } from '../src/limits/rates/rate-limits.js';
import { Ledger } from '../src/usage/ledger.js';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { entriesOf } from './support/book-entries.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { GivenRules } from './support/given-rules.js';
import { HELLO } from './support/prompts.js';
import { SteeredUpstream, type SteeredCall } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, stream, textChunk, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

/** What a first target may do to a request whose answer has not begun. */
const FAULTS: [string, FaultScript][] = [
  ['refuses with 500', { status: 500, body: { error: { message: 'Oops' } } }],
  ['sends HTML', { status: 502, body: '<html>Bad gateway</html>' }],
  ['resets before the headers', { beforeHeaders: 'reset' }],
  ['closes before the headers', { beforeHeaders: 'close' }],
  ['never answers', { beforeHeaders: 'stall' }],
  ['answers nothing that can be read', { body: 'data: [DONE]\n\n' }],
  ['truncates what it compressed', { events: [textChunk('lost')], gzip: 'truncated' }],
  ['sends an error with 200', { body: { error: { message: 'Oops', type: 'server_error' } } }],
  ['throttles for long', { status: 429, headers: { 'retry-after': '60' }, body: {} }],
];

let rules: GivenRules;
let faulty: FaultUpstream;
let healthy: FaultUpstream;
let steered: SteeredUpstream;
let silent: Server;
let silentSockets: Socket[];
let app: TestApp;
let key: string;
let keyId: string;
let clientId: string;

beforeAll(async () => {
  rules = GivenRules.install();
  [faulty, healthy, steered] = await Promise.all([
    FaultUpstream.start(),
    FaultUpstream.start(),
    SteeredUpstream.start(),
  ]);
  silentSockets = [];
  // Takes connections and never says a word of TLS.
  silent = createServer((socket) => {
    socket.on('error', () => undefined);
    silentSockets.push(socket);
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const provider = (name: string, baseUrl: string, more: object = {}) => ({
    name,
    type: 'openai-compatible',
    baseUrl,
    retries: { maxAttempts: 1 },
    breaker: { enabled: false },
    ...more,
  });
  const { port } = silent.address() as AddressInfo;
  app = await TestApp.start({
    env: { LOG_LEVEL: 'silent' },
    yaml: JSON.stringify({
      providers: [
        ...FAULTS.map((_, index) =>
          provider(`faulty-${index}`, faulty.url, { timeouts: { firstByteMs: 200 } }),
        ),
        provider('healthy', healthy.url),
        provider('first', steered.url),
        provider('second', steered.url),
        provider('patient', steered.url, { retries: { maxAttempts: 3, baseMs: 5_000 } }),
        provider('silent', `https://127.0.0.1:${port}`),
      ],
      models: [
        // Two of each: what was throttled once is passed over for a while.
        ...FAULTS.flatMap((_, index) =>
          ['', '-streamed'].map((form) => ({
            name: `any-${index}${form}`,
            targets: [{ model: `faulty-${index}/model${form}` }],
            fallbacks: ['healthy/model'],
          })),
        ),
        {
          name: 'all-down',
          targets: [0, 1, 2].map((index) => ({ model: `faulty-${index}/down` })),
        },
        {
          name: 'over',
          targets: [{ model: 'first/one' }, { model: 'second/two' }],
          fallbacks: ['healthy/model'],
        },
      ],
    }),
  });
  const made = await app.app.get(ApiKeysService).createForClientName('caller');
  key = made.key.reveal();
  ({ id: keyId, clientId } = made);
});

afterAll(async () => {
  await app.close();
  for (const socket of silentSockets) socket.destroy();
  silent.close();
  await Promise.all([faulty.close(), healthy.close(), steered.close()]);
  vi.restoreAllMocks();
});

beforeEach(() => {
  for (const upstream of [faulty, healthy]) upstream.requests.length = 0;
  healthy.always(eitherForm('whole', USAGE));
  steered.calls.length = 0;
});

afterEach(async () => {
  rules.set();
  const held = () => app.app.get(RateLimits).heldSlots + app.app.get(Ledger).openReservations;
  await waitUntil(() => held() === 0, 'every slot and reservation to be given back');
});

let asked = 0;

function ask(model: string, streamed: boolean) {
  asked += 1;
  const requestId = `fault_${asked}`;
  const client = new StreamClient({
    url: app.url,
    key,
    body: { model, stream: streamed, messages: HELLO },
    headers: { 'x-request-id': requestId },
  });
  return { client, requestId };
}

async function rowOf(requestId: string) {
  return waitUntil(
    async () => (await app.rows()).find((row) => row.request_id === requestId),
    `the row of ${requestId}`,
  );
}

describe('a target that fails before its answer begins', () => {
  it.each(FAULTS.map(([name, script], index) => ({ name, script, index })))(
    'is replaced by the next one, and nothing is said twice: $name',
    async ({ script, index }) => {
      for (const streamed of [false, true]) {
        const before = [faulty.requests.length, healthy.requests.length] as const;
        faulty.next(script);
        const model = `any-${index}${streamed ? '-streamed' : ''}`;
        const answer = await app.chat({ model, stream: streamed, messages: HELLO });
        const text = await answer.text();
        expect(answer.status).toBe(200);
        expect(text.split('whole')).toHaveLength(2);
        expect(text).not.toContain('lost');
        if (streamed) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
        expect(answer.headers.get('x-llm-proxy-attempts')).toBe('2');
        expect(answer.headers.get('x-llm-proxy-provider')).toBe('healthy');
        expect([faulty.requests.length, healthy.requests.length]).toEqual([
          before[0] + 1,
          before[1] + 1,
        ]);
        expect(await rowOf(answer.headers.get('x-request-id') as string)).toMatchObject({
          status: 'ok',
          attempts: 2,
          provider: 'healthy',
          output_tokens: USAGE.completion_tokens,
        });
      }
    },
  );

  it('is called once each when all of them fail', async () => {
    faulty.forModel('down', { status: 503, body: {} });
    const answer = await app.chat({ model: 'all-down', messages: HELLO });
    await answer.arrayBuffer();
    expect([answer.status, faulty.requests.length]).toEqual([502, 3]);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('3');
  });

  it('has nobody take over once its answer has begun', async () => {
    faulty.next({ ...stream(['begun', ' more'], USAGE), afterEvents: 2, ending: 'reset' });
    const { client, requestId } = ask('any-0', true);
    await client.ended;
    expect(client.text).toBe('begun');
    expect(client.isDone).toBe(false);
    expect(client.values.at(-1)).toMatchObject({ error: { type: 'upstream_error' } });
    expect([faulty.requests.length, healthy.requests.length]).toEqual([1, 0]);
    expect(await rowOf(requestId)).toMatchObject({ status: 'error', attempts: 1 });
  });
});

describe('a client that leaves', () => {
  const modelsOf = (calls: readonly SteeredCall[]) =>
    calls.map(({ body }) => (JSON.parse(body) as { model: string }).model);

  async function expectGone(requestId: string, statuses: readonly string[]) {
    expect(await rowOf(requestId)).toMatchObject({
      status: 'client_aborted',
      attempts: statuses.length,
    });
    const [, settled] = await entriesOf(app, requestId);
    const legs = JSON.parse(settled?.legs ?? '[]') as { status: string }[];
    expect(legs.map(({ status }) => status)).toEqual(statuses);
  }

  /** By then the proxy has read what was sent to it before. */
  async function anotherAnswer(): Promise<void> {
    await (await app.chat({ model: 'healthy/model', messages: HELLO })).arrayBuffer();
  }

  describe.each([false, true])('(stream: %s)', (streamed) => {
    it('while its call is being connected: nothing is sent', async () => {
      const before = silentSockets.length;
      const { client, requestId } = ask('silent/model', streamed);
      await waitUntil(() => silentSockets.length > before, 'a connection');
      client.leave();
      await expectGone(requestId, ['aborted']);
    });

    it('while its call is not answered: the upstream sees it leave', async () => {
      const { client, requestId } = ask('first/one', streamed);
      const call = await steered.waitForCall(0);
      client.leave();
      await call.waitForAbort();
      await expectGone(requestId, ['aborted']);
      expect(modelsOf(steered.calls)).toEqual(['one']);
    });

    it('while its call waits to be made again: it is not', async () => {
      const { client, requestId } = ask('patient/model', streamed);
      const call = await steered.waitForCall(0);
      call.refuse(429, { 'retry-after': '4' });
      await anotherAnswer();
      client.leave();
      await expectGone(requestId, ['error']);
      expect(modelsOf(steered.calls)).toEqual(['model']);
    });

    it('while another target is tried: that one sees it leave, a third one is not called', async () => {
      const { client, requestId } = ask('over', streamed);
      (await steered.waitForCall(0)).refuse(500);
      const second = await steered.waitForCall(1);
      client.leave();
      await second.waitForAbort();
      await expectGone(requestId, ['error', 'aborted']);
      expect(modelsOf(steered.calls)).toEqual(['one', 'two']);
      expect(healthy.requests).toHaveLength(0);
    });

    it('while it queues: nobody is called and its turn goes to the next one', async () => {
      rules.set({ scope: 'key', scopeId: keyId, maxConcurrent: 1 });
      rules.queue(clientId, 20_000);
      const limits = app.app.get(RateLimits);
      const running = ask('first/one', false);
      const call = await steered.waitForCall(0);
      const leaving = ask('second/two', streamed);
      await waitUntil(() => limits.queueDepth === 1, 'the request to wait');
      const next = ask('healthy/model', streamed);
      await waitUntil(() => limits.queueDepth === 2, 'the next one to wait');
      leaving.client.leave();
      await waitUntil(() => limits.queueDepth === 1, 'the queue to forget who left');
      call.json(completion('done', USAGE));
      await Promise.all([running.client.ended, next.client.ended]);
      expect((await next.client.answered).statusCode).toBe(200);
      expect(modelsOf(steered.calls)).toEqual(['one']);
      // What was never admitted leaves nothing in the books.
      expect(await entriesOf(app, leaving.requestId)).toEqual([]);
    });
  });

  it('while its stream runs: the upstream sees it leave', async () => {
    const { client, requestId } = ask('first/one', true);
    const call = await steered.waitForCall(0);
    await call.send(textChunk('begun'));
    await client.waitForFrames(1);
    client.leave();
    await call.waitForAbort();
    await expectGone(requestId, ['aborted']);
    expect(steered.calls).toHaveLength(1);
  });
});

it('leaves books that agree with themselves', async () => {
  const checked = await app.app.get(LedgerCheck).run(Date.now() + 20_000);
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
});
