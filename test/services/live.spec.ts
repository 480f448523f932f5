import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveFeed } from '../../src/common/live/live-feed.js';
import { RedisLiveSharing } from '../../src/dashboard/live/redis-live-sharing.js';
import { waitUntil } from '../support/wait-until.js';

let feeds: LiveFeed[];
let sharings: RedisLiveSharing[];

beforeEach(() => {
  feeds = [new LiveFeed(), new LiveFeed(), new LiveFeed()];
  sharings = feeds.map((feed) => new RedisLiveSharing(process.env['REDIS_URL'] as string, feed));
});

afterEach(() => {
  for (const sharing of sharings) sharing.onModuleDestroy();
});

it('brings events of all other processes, each once, while somebody watches', async () => {
  const [here, one, other] = feeds as [LiveFeed, LiveFeed, LiveFeed];
  const seen: object[] = [];
  const watching = sharings[0]?.watch('requests').subscribe((event) => seen.push(event));
  await waitUntil(() => one.isWatched('requests') && other.isWatched('requests'), 'the wish');
  expect(one.isWatched('logs')).toBe(false);
  here.publish('requests', { of: 'here' });
  one.publish('requests', { of: 'one' });
  other.publish('requests', { of: 'other' });
  await waitUntil(() => seen.length >= 2, 'both');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(seen.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
    { of: 'one' },
    { of: 'other' },
  ]);
  watching?.unsubscribe();
  await waitUntil(() => !one.isWatched('requests'), 'the end of it');
});

it('counts what it cannot bring', async () => {
  const [, one] = feeds as [LiveFeed, LiveFeed];
  let missed = 0;
  let seen = 0;
  sharings[0]?.missed.subscribe(({ count }) => (missed += count));
  sharings[0]?.watch('logs').subscribe(() => (seen += 1));
  await waitUntil(() => one.isWatched('logs'), 'the wish');
  for (let index = 0; index < 2_000; index += 1) one.publish('logs', { index });
  await waitUntil(() => seen + missed === 2_000, 'the sum');
  expect(missed).toBe(1_500);
});
