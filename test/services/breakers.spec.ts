import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redis } from 'ioredis';
import { filter, firstValueFrom } from 'rxjs';
import { RedisEventBus } from '../../src/database/redis-event-bus.js';
import type { ProviderError } from '../../src/providers/contract/provider-error.js';
import type { ProviderInstance } from '../../src/providers/contract/provider-instance.js';
import { RedisBreakerSharing } from '../../src/providers/upstream/redis-breaker-sharing.js';
import { Upstream } from '../../src/providers/upstream/upstream.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { createCall, createInstance } from '../support/provider-fixtures.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const URL_OF_REDIS = process.env['REDIS_URL'] as string;
const RESET_MS = 400;
const SOON = { timeout: 20_000 };

/** What one process has. */
interface Replica {
  readonly bus: RedisEventBus;
  readonly sharing: RedisBreakerSharing;
  readonly upstream: Upstream;
  readonly instance: ProviderInstance;
}

let server: FaultUpstream;
let proxy: TcpProxy;
let replicas: Replica[];

beforeEach(async () => {
  const redis = new Redis(URL_OF_REDIS);
  await redis.flushall();
  redis.disconnect();
  server = await FaultUpstream.start();
  proxy = await TcpProxy.open(URL_OF_REDIS);
  replicas = await Promise.all(['one', 'two', 'three'].map((id) => open(id)));
});

afterEach(async () => {
  for (const { bus, sharing, upstream } of replicas) {
    sharing.onApplicationShutdown();
    await upstream.onApplicationShutdown();
    await bus.close();
  }
  await proxy.close();
  await server.close();
});

async function open(processId: string): Promise<Replica> {
  const bus = new RedisEventBus(proxy.url);
  const sharing = new RedisBreakerSharing({ url: proxy.url, bus, processId });
  await firstValueFrom(bus.connected.pipe(filter(Boolean)));
  const instance = createInstance(server.url, {
    breaker: { enabled: true, volumeThreshold: 5, resetTimeoutMs: RESET_MS },
    maxConnections: 200,
  });
  return { bus, sharing, upstream: new Upstream(sharing), instance };
}

const ask = ({ upstream, instance }: Replica, signal?: AbortSignal): Promise<string> =>
  upstream.json(createCall(instance, signal === undefined ? {} : { signal })).then(
    () => 'answered',
    (error: unknown) => (error as ProviderError).kind,
  );

const states = (): string[] =>
  replicas.map(({ upstream, instance }) => upstream.breakerState(instance));

const allAre = (state: string): Promise<void> =>
  expect.poll(states, SOON).toEqual(replicas.map(() => state));

/** Every replica has called the instance once, and the first one finds it failing. */
async function openAll(): Promise<void> {
  server.always({ body: {} });
  for (const replica of replicas) expect(await ask(replica)).toBe('answered');
  server.always({ status: 500 });
  for (let index = 0; index < 5; index += 1) await ask(replicas[0] as Replica);
  await allAre('open');
  server.requests.length = 0;
}

async function askEverywhere(each: number): Promise<string[]> {
  const asked = replicas.flatMap((replica) => Array.from({ length: each }, () => ask(replica)));
  return Promise.all(asked);
}

describe(RedisBreakerSharing.name, () => {
  it('opens everywhere what one process found failing', async () => {
    await openAll();
    expect(new Set(await askEverywhere(20))).toEqual(new Set(['unavailable']));
    expect(server.requests).toHaveLength(0);
  });

  it('lets exactly one of all processes probe, and closes everywhere', async () => {
    await openAll();
    await allAre('half-open');
    server.always({ body: {}, delayMs: 100 });
    const outcomes = await askEverywhere(170);
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    await allAre('closed');
    expect(new Set(await askEverywhere(5))).toEqual(new Set(['answered']));
  });

  it('opens everywhere again when the probe fails', async () => {
    await openAll();
    await allAre('half-open');
    server.always({ status: 500, delayMs: 50 });
    await askEverywhere(50);
    expect(server.requests).toHaveLength(1);
    await allAre('open');
    await allAre('half-open');
  });

  it('lets another process probe after one gave up', async () => {
    await openAll();
    await allAre('half-open');
    server.next({ beforeHeaders: 'stall' }).always({ body: {} });
    const [one, two] = replicas as [Replica, Replica];
    const abort = new AbortController();
    const probe = ask(one, abort.signal);
    await expect.poll(() => server.requests.length, SOON).toBe(1);
    expect(await ask(two)).toBe('unavailable');
    abort.abort();
    expect(await probe).toBe('aborted');
    await expect.poll(() => ask(two), SOON).toBe('answered');
    expect(server.requests).toHaveLength(2);
    await allAre('closed');
  });

  it('tells who calls the instance later', async () => {
    await openAll();
    const [one] = replicas as [Replica];
    one.upstream.openBreaker(one.instance, 60_000);
    const late = {
      ...(replicas[1] as Replica),
      instance: createInstance(server.url, { breaker: one.instance.breaker }),
    };
    await expect.poll(() => ask(late), SOON).toBe('unavailable');
    expect(late.upstream.breakerState(late.instance)).toBe('open');
  });

  it('resets everywhere by hand', async () => {
    await openAll();
    const [one] = replicas as [Replica];
    one.upstream.resetBreaker(one.instance);
    await allAre('closed');
  });

  it.each(['freeze', 'cut'] as const)(
    'leaves each process to itself while Redis is away: %s',
    async (fault) => {
      await openAll();
      proxy[fault]();
      await allAre('half-open');
      server.always({ body: {}, delayMs: 50 });
      const outcomes = await askEverywhere(50);
      // One probe of each process.
      expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(3);
      expect(server.requests).toHaveLength(3);
      expect(states()).toEqual(['closed', 'closed', 'closed']);
    },
  );
});
