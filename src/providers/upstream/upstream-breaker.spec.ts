import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import type { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { Upstream } from './upstream.js';

/** Over real sockets; the states themselves are the subject of breaker.spec.ts. */
describe(`${Upstream.name}: breaker`, () => {
  let server: FaultUpstream;
  let upstream: Upstream;
  let instance: ProviderInstance;

  beforeEach(async () => {
    server = await FaultUpstream.start();
    upstream = new Upstream();
    instance = createInstance(server.url, {
      breaker: { enabled: true, volumeThreshold: 5, resetTimeoutMs: 100 },
      maxConnections: 600,
    });
  });

  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await server.close();
  });

  const json = (signal?: AbortSignal) =>
    upstream.json(createCall(instance, signal ? { signal } : {})).then(
      () => 'answered',
      (error: unknown) => (error as ProviderError).kind,
    );

  const events = () =>
    new Promise<string>((resolve) => {
      upstream.events(createCall(instance)).subscribe({
        error: (error: ProviderError) => resolve(error.kind),
        complete: () => resolve('answered'),
      });
    });

  const open = async () => {
    server.always({ status: 500 });
    for (let index = 0; index < 5; index += 1) await json();
    expect(upstream.breakerState(instance)).toBe('open');
  };

  it('opens after failed calls, and does not call any more', async () => {
    await open();
    expect(await json()).toBe('unavailable');
    expect(await events()).toBe('unavailable');
    expect(server.requests).toHaveLength(5);
    const error = await upstream.json(createCall(instance)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });
  });

  it.each<[string, FaultScript]>([
    ['fail after the first record', { events: ['1'], afterEvents: 1, ending: 'truncate' }],
    ['hold an error record', { events: ['1'], ending: 'error' }],
    ['begin with an error record', { events: [{ error: { message: 'no' } }] }],
    ['are an error document', { body: { error: { message: 'no' } } }],
    ['are empty', { events: [] }],
  ])('is opened by streams that %s', async (_, script) => {
    server.always(script);
    for (let index = 0; index < 4; index += 1) await events();
    expect(upstream.breakerState(instance)).toBe('closed');
    await events();
    expect(upstream.breakerState(instance)).toBe('open');
    expect(server.requests).toHaveLength(5);
  });

  it.each([400, 401, 404, 429])('is not opened by %i', async (status) => {
    server.always({ status });
    for (let index = 0; index < 12; index += 1) await json();
    expect(upstream.breakerState(instance)).toBe('closed');
    expect(server.requests).toHaveLength(12);
  });

  it('lets exactly one of 500 waiting calls through at the reset', async () => {
    await open();
    await expect.poll(() => upstream.breakerState(instance)).toBe('half-open');
    server.always({ body: {}, delayMs: 30 });

    const outcomes = await Promise.all(Array.from({ length: 500 }, () => json()));

    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'unavailable')).toHaveLength(499);
    expect(server.requests).toHaveLength(6);
    expect(upstream.breakerState(instance)).toBe('closed');
  });

  it('takes an aborted probe for neither success nor failure', async () => {
    await open();
    await expect.poll(() => upstream.breakerState(instance)).toBe('half-open');
    server.next({ beforeHeaders: 'stall' }).always({ body: {} });
    const controller = new AbortController();
    const probe = json(controller.signal);
    await server.waitForRequest(5);
    expect(await json()).toBe('unavailable');
    controller.abort();
    expect(await probe).toBe('aborted');
    expect(upstream.breakerState(instance)).toBe('half-open');

    const outcomes = await Promise.all(Array.from({ length: 500 }, () => json()));
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1);
    expect(server.requests).toHaveLength(7);
    expect(upstream.breakerState(instance)).toBe('closed');
  });

  it('takes a subscriber that leaves the probe for neither, too', async () => {
    await open();
    await expect.poll(() => upstream.breakerState(instance)).toBe('half-open');
    server.next({ beforeHeaders: 'stall' }).always({ events: ['1'] });
    const subscription = upstream.events(createCall(instance)).subscribe();
    await server.waitForRequest(5);
    subscription.unsubscribe();
    expect(upstream.breakerState(instance)).toBe('half-open');
    expect(await events()).toBe('answered');
    expect(upstream.breakerState(instance)).toBe('closed');
  });

  it('keeps one breaker per instance', async () => {
    await open();
    expect(upstream.breakerState(createInstance(server.url))).toBe('closed');
  });
});
