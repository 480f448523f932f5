import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ChangeFeed } from '../../src/database/change-feed.js';
import { RedisEventBus } from '../../src/database/redis-event-bus.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

describe(RedisEventBus, () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let here: ChangeFeed;
  let there: ChangeFeed;
  let buses: RedisEventBus[];

  beforeEach(async () => {
    database = await openTestDatabase();
    proxy = await TcpProxy.open(process.env['REDIS_URL'] as string);
    buses = [new RedisEventBus(proxy.url), new RedisEventBus(proxy.url)];
    await allAre(true);
    [here, there] = buses.map((bus) => new ChangeFeed(database.reader, bus)) as [
      ChangeFeed,
      ChangeFeed,
    ];
  });

  afterEach(async () => {
    await here.stop();
    await there.stop();
    await proxy.close();
    await database.close();
  });

  const allAre = (connected: boolean): Promise<boolean[]> =>
    Promise.all(
      buses.map((bus) => firstValueFrom(bus.connected.pipe(filter((is) => is === connected)))),
    );

  const bump = (): Promise<void> =>
    database.writer.transaction((manager) => here.bump(manager, 'clients'));

  it('tells another process without a look at the database', async () => {
    const changed = firstValueFrom(there.changes('clients'));
    here.announce('clients');
    await changed;
  });

  it('tells the announcing process once', async () => {
    let count = 0;
    here.changes('clients').subscribe(() => (count += 1));
    const changed = firstValueFrom(there.changes('clients'));
    here.announce('clients');
    await changed;
    here.announce('clients');
    expect(count).toBe(2);
  });

  it.each(['freeze', 'cut'] as const)(
    'is replaced by the look at the database: %s',
    async (fault) => {
      await there.start();
      proxy[fault]();
      const changed = firstValueFrom(there.changes('clients'));
      await bump();
      here.announce('clients');
      await changed;
    },
  );

  it.each(['freeze', 'cut'] as const)('works again after: %s', async (fault) => {
    proxy[fault]();
    here.announce('lost');
    await allAre(false);
    proxy.mend();
    await allAre(true);
    const changed = firstValueFrom(there.changes('clients'));
    here.announce('clients');
    await changed;
  });
});
