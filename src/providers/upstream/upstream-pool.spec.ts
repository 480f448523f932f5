import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import { Upstream } from './upstream.js';

/** Other specs may keep the machine busy. */
const SOON = { timeout: 20_000 };

describe(`${Upstream.name}: connections`, () => {
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

  const callMany = (instance: ProviderInstance, count: number) =>
    Promise.all(Array.from({ length: count }, () => upstream.json(createCall(instance))));

  it('opens as many as are needed at once, never more than it may, and says so', async () => {
    const instance = createInstance(server.url, { maxConnections: 3 });
    expect(upstream.pools().size).toBe(0);
    const gate = Promise.withResolvers<void>();
    server.always({ body: {}, gate: gate.promise });
    const one = upstream.json(createCall(instance));
    await expect.poll(() => server.requests.length, SOON).toBe(1);
    expect(server.openConnections).toBe(1);
    expect(upstream.pools().get('upstream')).toMatchObject({ connected: 1, free: 0, pending: 0 });
    const others = callMany(instance, 9);
    await expect.poll(() => server.requests.length, SOON).toBe(3);
    expect(server.openConnections).toBe(3);
    expect(upstream.pools().get('upstream')).toMatchObject({ connected: 3, free: 0, pending: 7 });
    gate.resolve();
    await Promise.all([one, others]);
    expect(server.connectionCount).toBe(3);
    await expect
      .poll(() => upstream.pools().get('upstream'), SOON)
      .toMatchObject({ connected: 3, free: 3, pending: 0, running: 0 });
  });

  it('is back to none after an instance was replaced twenty times', async () => {
    server.always({ body: {}, delayMs: 5 });
    for (let round = 0; round < 20; round += 1) {
      const instance = createInstance(server.url, { maxConnections: 4 });
      const calls = callMany(instance, 8);
      // As after a reload: the calls in flight end first.
      await Promise.all([calls, upstream.close(instance)]);
    }
    expect(server.requests).toHaveLength(160);
    expect(upstream.pools().size).toBe(0);
    await expect.poll(() => server.openConnections, SOON).toBe(0);
  });
});
