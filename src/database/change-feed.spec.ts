import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ChangeFeed } from './change-feed.js';
import { MemoryEventBus } from './memory-event-bus.js';

describe(ChangeFeed, () => {
  let database: TestDatabase;
  let feeds: ChangeFeed[];

  beforeEach(async () => {
    database = await openTestDatabase();
    feeds = [];
  });

  afterEach(async () => {
    await Promise.all(feeds.map((feed) => feed.stop()));
    await database.close();
  });

  /** One process' feed: they share the database and nothing else. */
  const openFeed = (): ChangeFeed => {
    const feed = new ChangeFeed(database.reader, new MemoryEventBus());
    feeds.push(feed);
    return feed;
  };

  const bump = (feed: ChangeFeed, topic: string): Promise<void> =>
    database.writer.transaction((manager) => feed.bump(manager, topic));

  const countChanges = (feed: ChangeFeed, topic: string): (() => number) => {
    let count = 0;
    feed.changes(topic).subscribe(() => (count += 1));
    return () => count;
  };

  it('tells this process at once and once, and only about the topic asked for', async () => {
    const feed = openFeed();
    const [clients, prices] = [countChanges(feed, 'clients'), countChanges(feed, 'prices')];
    feed.announce('clients');
    expect([clients(), prices()]).toEqual([1, 0]);
  });

  it('tells another process at its next look, once for each look', async () => {
    const [here, there] = [openFeed(), openFeed()];
    await there.poll();
    const clients = countChanges(there, 'clients');
    await bump(here, 'clients');
    await bump(here, 'clients');
    here.announce('clients');
    expect(clients()).toBe(0);
    await there.poll();
    expect(clients()).toBe(1);
    await there.poll();
    expect(clients()).toBe(1);
    await bump(here, 'clients');
    await there.poll();
    expect(clients()).toBe(2);
  });

  it('looks by itself while it runs', async () => {
    const [here, there] = [openFeed(), openFeed()];
    await there.start();
    const changed = firstValueFrom(there.changes('clients'));
    await bump(here, 'clients');
    await changed;
  });

  it('does not tell what changed before it started', async () => {
    const [here, there] = [openFeed(), openFeed()];
    await bump(here, 'clients');
    await there.start();
    const clients = countChanges(there, 'clients');
    await there.poll();
    expect(clients()).toBe(0);
  });

  it('tells nobody about a change that was rolled back', async () => {
    const [here, there] = [openFeed(), openFeed()];
    await there.start();
    const clients = countChanges(there, 'clients');
    await expect(
      database.writer.transaction(async (manager) => {
        await here.bump(manager, 'clients');
        throw new Error('changed its mind');
      }),
    ).rejects.toThrow();
    await there.poll();
    expect(clients()).toBe(0);
  });

  it('goes on looking after the database did not answer', async () => {
    const [here, there] = [openFeed(), openFeed()];
    await there.start();
    await database.writerSource.query('ALTER TABLE revisions RENAME TO away');
    await expect(there.poll()).rejects.toThrow();
    await database.writerSource.query('ALTER TABLE away RENAME TO revisions');
    const changed = firstValueFrom(there.changes('clients'));
    await bump(here, 'clients');
    await changed;
  });
});
