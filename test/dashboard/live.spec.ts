import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsersService } from '../../src/auth/people/users.service.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { LiveFeed } from '../../src/common/live/live-feed.js';
import type { BreakerView } from '../../src/dashboard/providers/breaker.view.js';
import { apiCaller } from '../support/api-caller.js';
import {
  LiveClient,
  type LiveEntry,
  openingStatus,
  openSocket,
  takeTicket,
} from '../support/live-client.js';
import { TestApp } from '../support/test-app.js';
import { signInAs } from '../support/dashboard-client.js';
import { waitUntil } from '../support/wait-until.js';

let app: TestApp;
let call: ReturnType<typeof apiCaller>;
let feed: LiveFeed;

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers:
  - { name: one, type: simulated }
  - { name: far, type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1" }
`,
  });
  call = apiCaller(app);
  feed = app.app.get(LiveFeed);
});

afterAll(() => app.close());

const chat = async (body: object = {}): Promise<string> => {
  const answer = await app.chat({
    model: 'one/echo',
    messages: [{ role: 'user', content: 'hi' }],
    ...body,
  });
  await answer.text();
  return answer.headers.get('x-request-id') ?? '';
};

const adminKey = (name: string) =>
  app.app.get(ApiKeysService).createForClientName(name, { role: 'admin' });

describe('the entrance of /api/live', () => {
  it('opens once for a ticket', async () => {
    const ticket = await takeTicket(app);
    const socket = openSocket(app, ticket);
    expect(await openingStatus(socket)).toBe(101);
    expect(await openingStatus(openSocket(app, ticket))).toBe(401);
    socket.close();
  });

  it('opens exactly one of many connections with one ticket', async () => {
    const ticket = await takeTicket(app);
    const sockets = Array.from({ length: 8 }, () => openSocket(app, ticket));
    const statuses = await Promise.all(sockets.map(openingStatus));
    expect(statuses.filter((status) => status === 101)).toHaveLength(1);
    for (const socket of sockets) socket.terminate();
  });

  it('stays closed without a ticket, with a made-up one, and to keys of clients', async () => {
    expect(await openingStatus(openSocket(app, ''))).toBe(401);
    expect(await openingStatus(openSocket(app, 'x'.repeat(43)))).toBe(401);
    const { key } = await app.app.get(ApiKeysService).createForClientName('consumer');
    await expect(takeTicket(app, key.reveal())).rejects.toThrow('403');
  });

  it('stays closed to pages of other sites', async () => {
    const refused = openSocket(app, await takeTicket(app), 'https://elsewhere.example');
    expect(await openingStatus(refused)).toBe(403);
    const socket = openSocket(app, await takeTicket(app), app.url);
    expect(await openingStatus(socket)).toBe(101);
    socket.close();
  });

  it('is the only one: elsewhere an upgrade is a request', async () => {
    const status = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        httpRequest(`${app.url}${path}`, {
          headers: {
            connection: 'upgrade',
            upgrade: 'websocket',
            authorization: `Bearer ${app.adminKey}`,
          },
        })
          .on('response', ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end();
      });
    expect(await status('/v1/responses')).toBe(426);
    expect(await status('/health/live')).toBe(200);
  });
});

describe('what a watcher sees', () => {
  it('is a row for each request that ended, below a kilobyte', async () => {
    const watcher = await LiveClient.open(app, ['requests']);
    const ids = [await chat(), await chat()];
    await waitUntil(() => watcher.of('requests').length === 2, 'two rows');
    const rows = watcher.of('requests').map(({ data }) => data);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(rows[0]).toMatchObject({ provider: 'one', status: 'ok', clientName: 'test-admin' });
    expect(JSON.stringify(rows[0]).length).toBeLessThan(1024);
    await watcher.close();
    await waitUntil(() => !feed.isWatched('requests'), 'nobody to watch');
  });

  it('is what is in flight, from its begin to its end', async () => {
    const watcher = await LiveClient.open(app, ['in-flight']);
    await waitUntil(() => watcher.of('state').length === 1, 'the state');
    expect(watcher.of('state')[0]?.data).toEqual({ topic: 'in-flight', items: [] });
    const id = await chat({ stream: true, model: 'one/slow-600ms-50cps' });
    const events = () => watcher.of('in-flight').map(({ data }) => data);
    await waitUntil(() => events().some(({ change }) => change === 'gone'), 'the end');
    expect(events()[0]).toMatchObject({
      change: 'set',
      item: { id, stream: true, clientName: 'test-admin', requestedModel: 'one/slow-600ms-50cps' },
    });
    expect(events().at(-1)).toEqual({ change: 'gone', id });
    await watcher.close();
  });

  it('is a breaker that changes, and the state of all at first', async () => {
    const watcher = await LiveClient.open(app, ['breakers']);
    await waitUntil(() => watcher.of('state').length === 1, 'the state');
    expect(watcher.of('state')[0]?.data).toMatchObject({
      items: [{ id: 'one' }, { id: 'far', state: 'closed' }],
    });
    // The first look has to be over, or the change is part of it.
    await waitUntil(() => feed.isWatched('breakers'), 'the watch');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await call<BreakerView>('POST', 'providers/far/breaker', { action: 'open', forMs: 60_000 });
    await waitUntil(() => watcher.of('breakers').length === 1, 'the change');
    expect(watcher.of('breakers')[0]?.data).toMatchObject({
      change: 'set',
      item: { id: 'far', state: 'open' },
    });
    await call('POST', 'providers/far/breaker', { action: 'reset' });
    await watcher.close();
  });

  it('is a budget that is spent', async () => {
    const watcher = await LiveClient.open(app, ['budgets', 'system', 'logs']);
    const made = await call<{ id: string }>('POST', 'budgets', {
      scope: 'global',
      period: 'total',
      limitUsd: 5,
    });
    expect(made.status).toBe(201);
    const budgets = () => watcher.of('budgets').map(({ data }) => data);
    await waitUntil(() => budgets().length > 0, 'the budget');
    expect(budgets()[0]).toMatchObject({
      change: 'set',
      item: {
        id: made.body.id,
        limitNanoUsd: '5000000000',
        spentNanoUsd: expect.stringMatching(/^\d+$/) as string,
      },
    });
    await call('DELETE', `budgets/${made.body.id}`);
    await waitUntil(() => budgets().at(-1)?.['change'] === 'gone', 'its end');
    await waitUntil(() => watcher.of('system').length > 1, 'two samples');
    const [sample] = watcher.of('system');
    const { item } = (sample as LiveEntry).data as { item: { memory: { rssBytes: number } } };
    expect(item.memory.rssBytes).toBeGreaterThan(10_000_000);
    await watcher.close();
  });

  it('is the log, masked as it is written', async () => {
    const watcher = await LiveClient.open(app, ['logs']);
    await app.chat({ model: 'nothing/there', messages: [{ role: 'user', content: 'canary-7' }] });
    await waitUntil(() => watcher.of('logs').length > 0, 'a line');
    expect(watcher.of('logs')[0]?.data).toMatchObject({ level: 'info' });
    expect(JSON.stringify(watcher.frames)).not.toContain('canary-7');
    await watcher.close();
  });

  it('is nothing that it did not ask for, and no topic that there is not', async () => {
    const watcher = await LiveClient.open(app, ['requests']);
    const { data } = await watcher.subscribe(['logs', 'secrets']);
    expect(data).toEqual({ topics: ['logs'], refused: ['secrets'] });
    await waitUntil(() => !feed.isWatched('requests'), 'the end of the other topic');
    watcher.socket.send('no JSON');
    watcher.socket.send('{"event":"subscribe","data":null}');
    await watcher.subscribe([]);
    expect(watcher.of('subscribed')).toHaveLength(3);
    await watcher.close();
  });
});

describe('a watcher', () => {
  it('gets at most ten frames a second of 200 events a second', async () => {
    const watcher = await LiveClient.open(app, ['requests']);
    const before = watcher.frames.length;
    const started = performance.now();
    for (let index = 0; index < 200; index += 1) {
      feed.publish('requests', { index });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await waitUntil(() => watcher.of('requests').length === 200, 'all events');
    const seconds = (performance.now() - started) / 1000;
    expect(watcher.frames.length - before).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 1);
    await watcher.close();
  });

  it('that does not read is told exactly how much it missed, and the state anew', async () => {
    const watcher = await LiveClient.open(app, ['requests', 'breakers']);
    await waitUntil(() => watcher.of('state').length === 1, 'the state');
    const other = await LiveClient.open(app, ['requests']);
    const raw = (watcher.socket as unknown as { _socket: Socket })._socket;
    raw.pause();
    const events = 15_000;
    const filler = 'x'.repeat(1000);
    for (let index = 0; index < events; index += 1) {
      feed.publish('requests', { index, filler });
      feed.publish('breakers', { index });
      if (index % 200 === 199) {
        await waitUntil(() => other.of('requests').length === index + 1, 'the one that reads');
      }
    }
    raw.resume();
    const lagged = (topic: string): number =>
      watcher
        .of('lagged')
        .filter(({ data }) => data['topic'] === topic)
        .reduce((sum, { data }) => sum + Number(data['count']), 0);
    const seen = (topic: string): number => watcher.of(topic).length + lagged(topic);
    await waitUntil(() => seen('requests') === events && seen('breakers') === events, 'the sum');
    expect(lagged('requests')).toBeGreaterThan(0);
    expect(other.of('lagged')).toEqual([]);
    await waitUntil(() => watcher.of('state').length > 1, 'the state anew');
    const order = watcher.frames.flat().map(({ event }) => event);
    expect(order.lastIndexOf('state')).toBeGreaterThan(order.lastIndexOf('lagged'));
    await Promise.all([watcher.close(), other.close()]);
  }, 60_000);

  it('whose key is revoked is closed within two seconds', async () => {
    const { key, id } = await adminKey('leaver');
    const watcher = await LiveClient.open(app, ['requests'], key.reveal());
    const closed = once(watcher.socket, 'close');
    const revoked = performance.now();
    await app.app.get(ApiKeysService).revoke(id);
    const [code] = (await closed) as [number];
    expect(code).toBe(1008);
    expect(performance.now() - revoked).toBeLessThan(4_000);
  });

  it('sees what its role may, and is closed when it changes or the session ends', async () => {
    const viewer = await signInAs(app, 'viewer');
    const watcher = await LiveClient.open(app, ['requests', 'logs'], viewer.accessToken);
    expect(watcher.of('subscribed')[0]?.data).toEqual({ topics: ['requests'], refused: ['logs'] });
    const closed = once(watcher.socket, 'close');
    const users = app.app.get(UsersService, { strict: false });
    await users.update(viewer.user?.id ?? '', { role: 'operator' });
    expect(((await closed) as [number])[0]).toBe(1008);

    const operator = await signInAs(app, 'operator', 'viewer@example.com');
    const second = await LiveClient.open(app, ['logs'], operator.accessToken);
    expect(second.of('subscribed')[0]?.data).toEqual({ topics: ['logs'], refused: [] });
    const ended = once(second.socket, 'close');
    await operator.logout();
    expect(((await ended) as [number])[0]).toBe(1008);
  });

  it('cannot enter with a ticket that its key was revoked after', async () => {
    const { key, id } = await adminKey('quick leaver');
    const ticket = await takeTicket(app, key.reveal());
    await app.app.get(ApiKeysService).revoke(id);
    expect(await openingStatus(openSocket(app, ticket))).toBe(401);
  });

  it('is told when the server stops', async () => {
    const another = await TestApp.start();
    const watcher = await LiveClient.open(another, ['requests']);
    const closed = once(watcher.socket, 'close');
    await another.close();
    expect(((await closed) as [number])[0]).toBe(1001);
  });
});
