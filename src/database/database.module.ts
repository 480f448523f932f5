import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { Figures } from '../common/metrics/figures.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { QUEUE_DEPTH } from '../common/metrics/queue-depth.js';
import { ChangeFeed } from './change-feed.js';
import { ANALYTICS, dataSourceOptions, type Entities, READER } from './data-source-options.js';
import { DATABASE_SETTINGS, type DatabaseSettings, textOf } from './database-settings.js';
import { EVENT_BUS, type EventBus } from './event-bus.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { MemoryEventBus } from './memory-event-bus.js';
import { migrate } from './migrate.js';
import { ProcessLease } from './process-lease.js';
import { RedisEventBus } from './redis-event-bus.js';

/**
 * The database, for the whole application. `DATABASE_SETTINGS` must be provided by a global module
 * or by one of `imports`. The database is migrated before anything can be injected.
 */
@Global()
@Module({})
export class DatabaseModule implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    @Inject(GroupCommitWriter) private readonly writer: GroupCommitWriter,
    @Inject(ChangeFeed) private readonly feed: ChangeFeed,
    @Inject(ProcessLease) private readonly lease: ProcessLease,
    @Inject(Figures) figures: Figures,
  ) {
    figures.addGauge(QUEUE_DEPTH, () => [
      { labels: { queue: 'database_writer' }, value: writer.queueDepth },
    ]);
  }

  /** `entities` are those of every feature; each belongs to all data sources. */
  static forRoot(options: {
    entities: Entities;
    imports?: DynamicModule['imports'];
  }): DynamicModule {
    const imports = options.imports ?? [];
    return {
      module: DatabaseModule,
      imports: [
        ...imports,
        FiguresModule,
        TypeOrmModule.forRootAsync({
          imports,
          inject: [DATABASE_SETTINGS],
          useFactory: async (settings: DatabaseSettings) => {
            await migrate(settings);
            return once(dataSourceOptions(settings, 'writer', options.entities));
          },
        }),
        ...([READER, ANALYTICS] as const).map((name) =>
          TypeOrmModule.forRootAsync({
            name,
            imports,
            // The writer's data source is asked for because it has migrated when it is there.
            inject: [DATABASE_SETTINGS, DataSource],
            useFactory: (settings: DatabaseSettings) =>
              once(dataSourceOptions(settings, name, options.entities)),
          }),
        ),
      ],
      providers: [
        GroupCommitWriter,
        ChangeFeed,
        ProcessLease,
        { provide: EVENT_BUS, inject: [DATABASE_SETTINGS], useFactory: createEventBus },
      ],
      exports: [GroupCommitWriter, ChangeFeed, ProcessLease, EVENT_BUS],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.lease.start();
    await this.feed.start();
  }

  /** Before TypeORM closes its data sources, which it does in `onApplicationShutdown`. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.feed.stop();
    await this.lease.stop();
    await this.writer.drain();
  }
}

/** A database that refuses to start says why at once instead of ten times over half a minute. */
function once(options: DataSourceOptions): TypeOrmModuleOptions {
  return { ...options, retryAttempts: 0, toRetry: () => false };
}

function createEventBus(settings: DatabaseSettings): EventBus {
  return settings.redisUrl === undefined
    ? new MemoryEventBus()
    : new RedisEventBus(textOf(settings.redisUrl));
}
