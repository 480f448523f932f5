import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Redis } from 'ioredis';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import type { Limit, LimitKind } from '../../src/limits/rates/limit.js';
import type { Ticket } from '../../src/limits/rates/limit-store.js';
import { MemoryLimitStore } from '../../src/limits/rates/memory-limit-store.js';
import { RedisLimitStore } from '../../src/limits/rates/redis-limit-store.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { GivenRules } from '../support/given-rules.js';
import { HELLO } from '../support/prompts.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestApp } from '../support/test-app.js';
import { completion, USAGE } from '../support/vendor-answers.js';
import { waitUntil } from '../support/wait-until.js';

const URL_OF_REDIS = process.env['REDIS_URL'] as string;

const limit = (kind: LimitKind, most: number): Limit => ({
  id: `${kind}:test:${most}`,
  kind,
  most,
  scope: 'global',
  scopeId: '',
  endpoint: undefined,
});

let proxy: TcpProxy;
let stores: RedisLimitStore[];

beforeEach(async () => {
  const redis = new Redis(URL_OF_REDIS);
  await redis.flushall();
  redis.disconnect();
  proxy = await TcpProxy.open(URL_OF_REDIS);
  stores = ['one', 'two'].map((processId) => openStore(processId));
  await Promise.all(stores.map((store) => store.opened));
});

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await proxy.close();
});

function openStore(processId: string): RedisLimitStore {
  const local = new MemoryLimitStore({ processes: () => 2 });
  return new RedisLimitStore({ url: proxy.url, processId, local });
}

/** Takes at each store in turn, all at once. */
async function takeMany(count: number, limits: readonly Limit[], tokens = 1): Promise<Ticket[]> {
  const all = Array.from({ length: count }, async (_, index) =>
    (stores[index % stores.length] as RedisLimitStore).take(limits, tokens),
  );
  return (await Promise.all(all)).filter((taken) => taken.isTaken);
}

describe(RedisLimitStore.name, () => {
  it('admits exactly as many as the limit, wherever they come', async () => {
    expect(await takeMany(1_000, [limit('requests', 100), limit('slots', 300)])).toHaveLength(100);
    expect(stores.map(({ heldSlots }) => heldSlots).reduce((sum, held) => sum + held)).toBe(100);
    expect(await takeMany(100, [limit('slots', 101)])).toHaveLength(100);
  });

  it('tells what is left and when there is more, as memory does', async () => {
    const [one] = stores as [RedisLimitStore];
    const limits = [limit('requests', 2), limit('tokens', 50), limit('slots', 9)];
    const memory = new MemoryLimitStore();
    for (const tokens of [10, 60, 40, 0]) {
      const [here, there] = [await one.take(limits, tokens), memory.take(limits, tokens)];
      expect(here.isTaken).toBe(there.isTaken);
      const facts = ({ standings }: typeof here) =>
        standings.map(({ remaining, isShort, waitMs }) => [
          remaining,
          isShort,
          Number.isFinite(waitMs) ? Math.ceil(waitMs / 10_000) : waitMs,
        ]);
      expect(facts(here)).toEqual(facts(there));
    }
  });

  it('puts what was used in place of what was taken, and gives back what is undone', async () => {
    const [one, two] = stores as [RedisLimitStore, RedisLimitStore];
    const limits = [limit('tokens', 100)];
    const [ticket] = await takeMany(1, limits, 90);
    ticket?.used(20);
    const other = await two.take(limits, 80);
    expect(other).toMatchObject({ isTaken: true, standings: [{ remaining: 0 }] });
    expect((await one.take(limits, 1)).isTaken).toBe(false);
    if (other.isTaken) other.undo();
    await waitUntil(async () => (await one.take(limits, 80)).isTaken, 'what was undone to be free');
  });

  it.each(['freeze', 'cut'] as const)(
    'holds to its share while Redis is away: %s',
    async (fault) => {
      const limits = [limit('requests', 100)];
      expect(await takeMany(20, limits)).toHaveLength(20);
      proxy[fault]();
      // 50 each, of which 10 were taken through Redis.
      const taken = await takeMany(400, limits);
      expect(taken).toHaveLength(80);
      expect(await takeMany(400, limits)).toHaveLength(0);
      expect(await takeMany(10, [limit('slots', 0), limit('requests', 3)])).toHaveLength(0);
      expect(await takeMany(10, [limit('requests', 3)])).toHaveLength(2);
      proxy.mend();
      const probe = [limit('requests', 1_000_000)];
      await waitUntil(
        () => stores.every((store) => store.take(probe, 0) instanceof Promise),
        'Redis to be asked again',
        5_000,
      );
      // What Redis heard while it was frozen it does when it can: that was taken for nobody.
      expect(await takeMany(400, limits)).toHaveLength(fault === 'cut' ? 80 : 0);
    },
  );

  it('knows again what is held when Redis has forgotten it', async () => {
    const limits = [limit('slots', 4)];
    const tickets = await takeMany(4, limits);
    const redis = new Redis(URL_OF_REDIS);
    await redis.flushall();
    const key = '{llm-proxy:limits}:slots:test:4';
    await waitUntil(
      async () => Object.keys(await redis.hgetall(key)).length === 2,
      'both to renew',
    );
    expect(await takeMany(4, limits)).toHaveLength(0);
    for (const ticket of tickets) ticket.release();
    await waitUntil(async () => (await redis.exists(key)) === 0, 'the slots to be free');
    redis.disconnect();
    expect(await takeMany(9, limits)).toHaveLength(4);
  });

  it('frees the slots of a process that is gone without a word', async () => {
    const limits = [limit('slots', 3)];
    const gone = openStore('gone');
    await gone.opened;
    for (let held = 0; held < 3; held += 1) await gone.take(limits, 0);
    expect(await takeMany(3, limits)).toHaveLength(0);
    await gone.close();
    const taken = await waitUntil(
      async () => {
        const tickets = await takeMany(9, limits);
        return tickets.length > 0 && tickets;
      },
      'the slots to be free',
      10_000,
    );
    expect(taken).toHaveLength(3);
  });
});

describe('two applications that share Redis', () => {
  it('admit exactly 100 of 2,000 together', { timeout: 120_000 }, async () => {
    const rules = GivenRules.install();
    const upstream = await FaultUpstream.start();
    upstream.always({ body: completion('x', USAGE) });
    const apps = await Promise.all(
      [0, 1].map(() =>
        TestApp.start({
          env: { LOG_LEVEL: 'silent', REDIS_URL: URL_OF_REDIS },
          yaml: [
            'providers:',
            `  - { name: one, type: openai, baseUrl: "${upstream.url}/v1", apiKey: key }`,
          ].join('\n'),
        }),
      ),
    );
    try {
      const keys = await Promise.all(
        apps.map(({ app }) => app.get(ApiKeysService).createForClientName('shared')),
      );
      rules.set({ scope: 'global', scopeId: '', requestsPerMinute: 100 });
      const statuses: number[] = [];
      let sent = 0;
      await Promise.all(
        Array.from({ length: 200 }, async () => {
          while (sent < 2_000) {
            const at = sent % apps.length;
            sent += 1;
            const answer = await (apps[at] as TestApp).chat(
              { model: 'one/gpt-test', messages: HELLO },
              { authorization: `Bearer ${keys[at]?.key.reveal()}` },
            );
            await answer.arrayBuffer();
            statuses.push(answer.status);
          }
        }),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(100);
      expect(statuses.filter((status) => status === 429)).toHaveLength(1_900);
      expect(upstream.requests).toHaveLength(100);
    } finally {
      await Promise.all(apps.map((app) => app.close()));
      await upstream.close();
      vi.restoreAllMocks();
    }
  });
});
