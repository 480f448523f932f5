import { Global, Module } from '@nestjs/common';
import { LiveFeed } from './live-feed.js';

/** One feed for the whole process. */
@Global()
@Module({ providers: [LiveFeed], exports: [LiveFeed] })
export class LiveModule {}
