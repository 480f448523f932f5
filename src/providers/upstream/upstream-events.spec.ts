import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import { Flow } from '../contract/flow.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import type { ServerSentEvent, UpstreamCall } from './upstream-call.js';
import { Upstream } from './upstream.js';

const EVENTS = [{ text: 'Größe' }, { text: '✓ 🎉 漢字' }, { text: 'line\nbreak' }];
const DATA = EVENTS.map((event) => JSON.stringify(event));

describe(`${Upstream.name}.events`, () => {
  let server: FaultUpstream;
  let upstream: Upstream;

  beforeEach(async () => {
    server = await FaultUpstream.start();
    upstream = new Upstream();
  });

  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await server.close();
  });

  const call = (target: Partial<Target> = {}, overrides: Partial<UpstreamCall> = {}) =>
    createCall(createInstance(server.url), target, overrides);

  /** What arrived and how it ended. */
  const collect = (upstreamCall = call()) => {
    const { promise, resolve } = Promise.withResolvers<{
      records: ServerSentEvent[];
      error?: unknown;
    }>();
    const records: ServerSentEvent[] = [];
    const subscription = upstream.events(upstreamCall).subscribe({
      next: (record) => records.push(record),
      error: (error: unknown) => resolve({ records, error }),
      complete: () => resolve({ records }),
    });
    return Object.assign(promise, { records, subscription });
  };

  it('sends nothing before the subscription, and once for each', async () => {
    server.always({ events: EVENTS });
    const events = upstream.events(call());
    await upstream.json(call({}, { path: '/other' }));
    expect(server.requests.map(({ path }) => path)).toEqual(['/other']);

    await lastValueFrom(events);
    await lastValueFrom(events);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/other',
      '/chat/completions',
      '/chat/completions',
    ]);
    expect(server.requests[1]?.headers).toMatchObject({
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
    });
  });

  it.each<[string, FaultScript]>([
    ['in one piece', {}],
    ['by record', { cut: 'per-event' }],
    ['with comments between', { cut: 'with-comments' }],
    ['byte by byte', { cut: 1 }],
    ['in threes and sevens', { cut: [3, 7] }],
    ['compressed though not asked for', { gzip: true, cut: 'per-event' }],
    ['compressed and cut', { gzip: true, cut: 5 }],
    ['slowly', { cut: 'per-event', dripMs: 2 }],
    ['without a content type', { headers: { 'content-type': '' } }],
  ])('reads a stream that comes %s', async (_, script) => {
    server.next({ events: EVENTS, done: true, ...script });
    const { records, error } = await collect();
    expect(error).toBeUndefined();
    expect(records.map(({ data }) => data)).toEqual([...DATA, '[DONE]']);
  });

  it('reads event names', async () => {
    server.next({ events: [{ type: 'ping' }, { type: 'message_stop' }], named: true, cut: 3 });
    const { records } = await collect();
    expect(records.map(({ event }) => event)).toEqual(['ping', 'message_stop']);
  });

  it.each([1, 4, 'whole', 'per-event'] as const)('reads NDJSON cut %s', async (cut) => {
    server.next({ events: EVENTS, framing: 'ndjson', cut });
    const { records } = await collect(call({}, { framing: 'ndjson' }));
    expect(records).toEqual(DATA.map((data) => ({ data })));
    expect(server.requests[0]?.headers['accept']).toBe('application/x-ndjson');
  });

  it('delivers a record as soon as it is there', async () => {
    server.next({ events: EVENTS, cut: 'per-event', afterEvents: 2, ending: 'stall' });
    const pending = collect();
    await firstValueFrom(upstream.events(call()).pipe(toArray())).catch(() => undefined);
    await server.waitForRequest(0);
    await expect.poll(() => pending.records.length).toBe(2);
    pending.subscription.unsubscribe();
    await server.waitForAbort(0);
  });

  it('uses the connection again after a stream that was read to its end', async () => {
    server.always({ events: EVENTS, done: true });
    const instance = createInstance(server.url);
    for (let index = 0; index < 6; index += 1) await collect(createCall(instance));
    expect(server.connectionCount).toBeLessThanOrEqual(2);
  });

  it.each<[string, FaultScript, Partial<ProviderError>, number]>([
    ['a reset before the headers', { beforeHeaders: 'reset' }, { kind: 'failed' }, 0],
    ['a reset after the headers', { afterEvents: 0, ending: 'reset' }, { kind: 'failed' }, 0],
    [
      'a reset after a record',
      { afterEvents: 1, ending: 'reset' },
      { kind: 'failed', message: 'The upstream ended its answer early' },
      1,
    ],
    [
      'a connection closed after a record',
      { afterEvents: 1, ending: 'truncate' },
      { kind: 'failed', message: 'The upstream ended its answer early' },
      1,
    ],
    ['an empty stream', { afterEvents: 0, ending: 'end' }, { kind: 'invalid_response' }, 0],
    [
      'only comments',
      { events: undefined, body: ': hello\n\n: hello\n\n' },
      { kind: 'invalid_response' },
      0,
    ],
    ['damaged gzip', { gzip: 'broken' }, { kind: 'invalid_response' }, 0],
    ['gzip without its end', { gzip: 'truncated' }, { kind: 'invalid_response' }, -1],
    ['a web page', { events: undefined, body: '<html></html>' }, { kind: 'invalid_response' }, 0],
    ['another document', { events: undefined, body: { id: 1 } }, { kind: 'invalid_response' }, 0],
    ['a redirect', { status: 307, headers: { location: '/' } }, { kind: 'invalid_response' }, 0],
    [
      'an unknown encoding',
      { headers: { 'content-encoding': 'zstd' } },
      { kind: 'invalid_response' },
      0,
    ],
    [
      'an error with 200',
      { events: undefined, body: { error: { message: 'Slow down', code: 429 } } },
      { kind: 'rate_limited', message: 'Slow down', status: 429 },
      0,
    ],
    [
      'an error with its status',
      { events: undefined, status: 503, body: { error: { message: 'Full' } } },
      { kind: 'failed', message: 'Full', status: 503 },
      0,
    ],
  ])('fails on %s', async (_, script, expected, delivered) => {
    server.next({ events: EVENTS, cut: 'per-event', ...script });
    const { records, error } = await collect();
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject(expected);
    if (delivered >= 0) expect(records).toHaveLength(delivered);
  });

  it('passes an error within the stream on as a record', async () => {
    server.next({ events: EVENTS, afterEvents: 1, ending: 'error' });
    const { records, error } = await collect();
    expect(error).toBeUndefined();
    expect(records).toHaveLength(2);
    expect(JSON.parse(records[1]?.data ?? '')).toHaveProperty('error.type', 'server_error');
  });

  it('takes a record of 16 MiB and refuses a larger one', async () => {
    const large = 'x'.repeat(16 * 1024 * 1024);
    server.next({ events: [large], cut: 65_536 });
    const { records } = await collect();
    expect(records[0]?.data.length).toBe(large.length);

    server.next({ events: [`${large}${'x'.repeat(1_000_000)}`], cut: 65_536 });
    const outcome = await collect();
    expect(outcome.records).toHaveLength(0);
    expect(outcome.error).toMatchObject({ kind: 'invalid_response' });
  });

  it('stops reading while the flow is paused, and goes on where it stopped', async () => {
    const size = 10_000;
    const repeat = 5_000;
    server.next({ events: ['x'.repeat(size)], repeat, cut: 65_536 });
    const flow = new Flow();
    let characters = 0;
    const { promise: first, resolve: begin } = Promise.withResolvers<void>();
    const finished = new Promise<void>((resolve, reject) => {
      upstream.events(call({ flow })).subscribe({
        next: ({ data }) => {
          characters += data.length;
          flow.pause();
          begin();
        },
        error: reject,
        complete: resolve,
      });
    });
    await first;
    const request = await server.waitForRequest(0);
    await settled(() => request.bytesSent);
    // What one read of the socket held, and the buffers of two sockets, of 50 MB.
    expect(characters).toBeLessThan(200_000);
    expect(request.bytesSent).toBeLessThan(12_000_000);

    const resume = setInterval(() => flow.resume(), 0);
    await finished;
    clearInterval(resume);
    expect(characters).toBe(size * repeat);
  });

  it('applies a pause that came before the answer', async () => {
    server.next({ events: EVENTS, done: true });
    const flow = new Flow();
    flow.pause();
    const pending = collect(call({ flow }));
    const request = await server.waitForRequest(0);
    await expect.poll(() => request.bytesSent).toBeGreaterThan(0);
    expect(pending.records).toHaveLength(0);
    flow.resume();
    expect((await pending).records).toHaveLength(4);
  });

  it('pauses a compressed stream too', async () => {
    server.next({ events: ['x'.repeat(10_000)], repeat: 500, gzip: true });
    const flow = new Flow();
    flow.pause();
    const pending = collect(call({ flow }));
    const request = await server.waitForRequest(0);
    await expect.poll(() => request.bytesSent).toBeGreaterThan(0);
    expect(pending.records).toHaveLength(0);
    flow.resume();
    expect((await pending).records).toHaveLength(500);
  });

  it('leaves the next call on its connection alone when the flow of the last one moves', async () => {
    const instance = createInstance(server.url, { maxConnections: 1 });
    server.always({ events: EVENTS, done: true });
    const flow = new Flow();
    await collect(createCall(instance, { flow }));
    flow.pause();
    const next = collect(createCall(instance));
    flow.resume();
    flow.pause();
    expect((await next).records).toHaveLength(4);
  });
});

/** Waits until a count has stopped to move for many turns of the event loop. */
async function settled(count: () => number): Promise<void> {
  for (let same = 0, last = count(); same < 200; same += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (count() !== last) same = 0;
    last = count();
  }
}
