import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import { Upstream } from './upstream.js';

describe(`${Upstream.name}: aborts, time-outs and closing`, () => {
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

  const fail = (call: Promise<unknown>) =>
    call.then(
      () => 'no error',
      (error: unknown) => error,
    );

  const readStream = (
    call: Parameters<Upstream['events']>[0],
    onRecord: () => void = () => undefined,
  ) =>
    new Promise<unknown>((resolve) => {
      upstream.events(call).subscribe({
        next: onRecord,
        error: resolve,
        complete: () => resolve('no error'),
      });
    });

  describe('abort', () => {
    it('sends nothing when the signal was aborted before', async () => {
      const signal = AbortSignal.abort();
      const call = createCall(createInstance(server.url), { signal });
      expect(await fail(upstream.json(call))).toMatchObject({ kind: 'aborted', retryable: false });
      expect(await readStream(call)).toMatchObject({ kind: 'aborted' });
      expect(server.requests).toHaveLength(0);
    });

    it.each<[string, FaultScript]>([
      ['before the headers', { beforeHeaders: 'stall' }],
      ['after the headers', { events: ['1'], afterEvents: 0, ending: 'stall' }],
      ['within the body', { events: ['1', '2'], afterEvents: 1, ending: 'stall' }],
      ['within the explanation of an error', { status: 500, body: '{"err', ending: 'stall' }],
      ['within a compressed body', { events: ['1'], gzip: true, ending: 'stall' }],
    ])('closes the connection %s', async (_, script) => {
      server.always(script);
      const controllers = [new AbortController(), new AbortController()];
      const instance = createInstance(server.url);
      const [first, second] = controllers.map(({ signal }) => createCall(instance, { signal }));
      const outcomes = [fail(upstream.json(first!)), readStream(second!)];
      const requests = [await server.waitForRequest(0), await server.waitForRequest(1)];
      if (script.beforeHeaders === undefined && script.afterEvents !== 0) {
        await expect.poll(() => requests.every(({ bytesSent }) => bytesSent > 0)).toBe(true);
      }

      for (const controller of controllers) controller.abort(new Error('gone'));

      for (const outcome of await Promise.all(outcomes)) {
        expect(outcome).toMatchObject({ kind: 'aborted', cause: { message: 'gone' } });
      }
      await Promise.all([server.waitForAbort(0), server.waitForAbort(1)]);
      for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    it('spares the connection when the call still waited for one', async () => {
      const instance = createInstance(server.url, { maxConnections: 1 });
      server.next({ body: {}, delayMs: 20 }).always({ body: {} });
      const controller = new AbortController();
      const first = upstream.json(createCall(instance));
      const waiting = upstream.json(createCall(instance, { signal: controller.signal }));
      const third = upstream.json(createCall(instance));
      controller.abort();
      expect(await fail(waiting)).toMatchObject({ kind: 'aborted' });
      await Promise.all([first, third]);
      expect(server.requests).toHaveLength(2);
      expect(server.connectionCount).toBe(1);
    });

    it('ends a call that waits for a connection to be made', async () => {
      const controller = new AbortController();
      const silent = await SilentServer.start();
      const call = createCall(createInstance(silent.url), { signal: controller.signal });
      const outcome = fail(upstream.json(call));
      controller.abort();
      expect(await outcome).toMatchObject({ kind: 'aborted' });
      await silent.close();
    });

    it('closes the connection when the subscriber leaves', async () => {
      server.next({ events: ['1', '2'], cut: 'per-event', afterEvents: 1, ending: 'stall' });
      const { signal } = new AbortController();
      const subscription = upstream
        .events(createCall(createInstance(server.url), { signal }))
        .subscribe();
      await server.waitForRequest(0);
      subscription.unsubscribe();
      await server.waitForAbort(0);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    it('leaves no listener on the signal, however calls end', async () => {
      const { signal } = new AbortController();
      const instance = createInstance(server.url);
      server.next({ body: {} }, { status: 500 }, { beforeHeaders: 'reset' }, { events: ['1'] });
      await upstream.json(createCall(instance, { signal }));
      await fail(upstream.json(createCall(instance, { signal })));
      await fail(upstream.json(createCall(instance, { signal })));
      await readStream(createCall(instance, { signal }));
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
  });

  describe('time-outs', () => {
    const stalled = (script: FaultScript, timeouts: object, target: object = {}) => {
      server.next(script);
      return readStream(createCall(createInstance(server.url, { timeouts }), target));
    };

    it.each<[string, FaultScript, object, object]>([
      ['no headers', { beforeHeaders: 'stall' }, { firstByteMs: 40 }, {}],
      ['no body', { events: ['1'], afterEvents: 0, ending: 'stall' }, { firstByteMs: 40 }, {}],
      ['silence', { events: ['1', '2'], afterEvents: 1, ending: 'stall' }, { idleMs: 40 }, {}],
      ['the whole call', { events: ['1'], repeat: 1000, cut: 4, dripMs: 3 }, { totalMs: 60 }, {}],
      ['less than the instance allows', { beforeHeaders: 'stall' }, {}, { totalMs: 40 }],
    ])('limits %s', async (_, script, timeouts, target) => {
      expect(await stalled(script, timeouts, target)).toMatchObject({ kind: 'timeout' });
      await server.waitForAbort(0);
    });

    it('limits a unary call in the same way', async () => {
      server.next({ body: { a: 1 }, afterBytes: 3, ending: 'stall' });
      const instance = createInstance(server.url, { timeouts: { idleMs: 40 } });
      expect(await fail(upstream.json(createCall(instance)))).toMatchObject({ kind: 'timeout' });
    });

    it('keeps the status of an error whose explanation stalls', async () => {
      server.next({ status: 429, body: '{"error', ending: 'stall' });
      const instance = createInstance(server.url, { timeouts: { idleMs: 40 } });
      expect(await fail(upstream.json(createCall(instance)))).toMatchObject({
        kind: 'rate_limited',
        status: 429,
      });
    });

    it('does not take regular chunks for silence', async () => {
      const script: FaultScript = { events: ['1'], repeat: 75, cut: 'per-event', dripMs: 20 };
      expect(await stalled(script, { idleMs: 1000, firstByteMs: 1000 })).toBe('no error');
    });

    it('limits connecting', async () => {
      const silent = await SilentServer.start();
      const instance = createInstance(silent.url, { timeouts: { connectMs: 50 } });
      expect(await fail(upstream.json(createCall(instance)))).toMatchObject({ kind: 'timeout' });
      await silent.close();
    });
  });

  describe('close', () => {
    it('waits for the calls in flight and refuses later ones', async () => {
      const instance = createInstance(server.url);
      const gate = Promise.withResolvers<void>();
      server.next({ events: ['1', '2'], cut: 'per-event', dripMs: 500 });
      const stream = readStream(createCall(instance), gate.resolve);
      await gate.promise;
      let closed = false;
      const closing = upstream.close(instance).then(() => {
        closed = true;
      });
      server.next({ body: {} });
      await upstream.json(createCall(instance));
      expect(closed).toBe(false);
      expect(await stream).toBe('no error');
      await closing;
      await expect.poll(() => server.openConnections).toBe(0);

      expect(await fail(upstream.json(createCall(instance)))).toMatchObject({
        kind: 'unavailable',
      });
      expect(server.requests).toHaveLength(2);
    });

    it('is idempotent, and closes what was never called', async () => {
      const instance = createInstance(server.url);
      await Promise.all([upstream.close(instance), upstream.close(instance)]);
      await upstream.close(instance);
      expect(await fail(upstream.json(createCall(instance)))).toMatchObject({
        kind: 'unavailable',
      });
    });

    it('leaves other instances alone', async () => {
      server.always({ body: {} });
      const [one, two] = [createInstance(server.url), createInstance(server.url)];
      await Promise.all([upstream.json(createCall(one)), upstream.json(createCall(two))]);
      await upstream.close(one);
      expect((await upstream.json(createCall(two))).status).toBe(200);
    });

    it('cuts everything at shutdown', async () => {
      server.always({ events: ['1'], ending: 'stall' });
      const gate = Promise.withResolvers<void>();
      const stream = readStream(createCall(createInstance(server.url)), gate.resolve);
      await gate.promise;
      await upstream.onApplicationShutdown();
      expect(await stream).toMatchObject({ kind: 'aborted' });
      await server.waitForAbort(0);
    });
  });
});

/** Accepts no TLS handshake: connections to it are made and never become usable. */
class SilentServer {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<SilentServer> {
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SilentServer(server);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.close();
  }
}
