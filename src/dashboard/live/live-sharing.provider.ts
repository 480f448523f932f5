import type { FactoryProvider } from '@nestjs/common';
import { LiveFeed } from '../../common/live/live-feed.js';
import {
  DATABASE_SETTINGS,
  type DatabaseSettings,
  textOf,
} from '../../database/database-settings.js';
import { LiveSharing, NoLiveSharing } from './live-sharing.js';
import { RedisLiveSharing } from './redis-live-sharing.js';

export const LIVE_SHARING_PROVIDER: FactoryProvider<LiveSharing> = {
  provide: LiveSharing,
  inject: [DATABASE_SETTINGS, LiveFeed],
  useFactory: ({ redisUrl }: DatabaseSettings, feed: LiveFeed) =>
    redisUrl === undefined ? new NoLiveSharing() : new RedisLiveSharing(textOf(redisUrl), feed),
};
