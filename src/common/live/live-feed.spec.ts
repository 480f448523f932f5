import { describe, expect, it } from 'vitest';
import { LiveFeed } from './live-feed.js';

describe(LiveFeed.name, () => {
  it('tells whoever watches at that moment, and nobody else', () => {
    const feed = new LiveFeed();
    const seen: object[] = [];
    feed.publish('requests', { id: 1 });
    const watching = feed.watch('requests').subscribe((event) => seen.push(event));
    feed.publish('requests', { id: 2 });
    feed.publish('breakers', { id: 3 });
    watching.unsubscribe();
    feed.publish('requests', { id: 4 });
    expect(seen).toEqual([{ id: 2 }]);
  });

  it('is watched until the last watcher has gone', () => {
    const feed = new LiveFeed();
    expect(feed.isWatched('logs')).toBe(false);
    const one = feed.watch('logs').subscribe();
    const other = feed.watch('logs').subscribe();
    one.unsubscribe();
    expect(feed.isWatched('logs')).toBe(true);
    other.unsubscribe();
    expect(feed.isWatched('logs')).toBe(false);
  });

  it('runs a source from the first watcher to the last', () => {
    const feed = new LiveFeed();
    const told: string[] = [];
    feed.whileWatched('system', () => {
      told.push('begun');
      return () => told.push('ended');
    });
    const one = feed.watch('system').subscribe();
    const other = feed.watch('system').subscribe();
    one.unsubscribe();
    expect(told).toEqual(['begun']);
    other.unsubscribe();
    expect(told).toEqual(['begun', 'ended']);
    feed.watch('system').subscribe().unsubscribe();
    expect(told).toEqual(['begun', 'ended', 'begun', 'ended']);
  });
});
