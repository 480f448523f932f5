import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from './database-settings.js';

export function databaseSettingsOf({ environment }: Configuration): DatabaseSettings {
  return {
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    synchronous: environment.sqliteSynchronous,
    maxQueuedWrites: environment.ledgerMaxQueuedWrites,
    redisUrl: environment.redisUrl,
  };
}

/** Binds the settings of the database to the configuration. */
@Global()
@Module({})
export class DatabaseSettingsModule {
  /** `overrides` are what a process knows better than the configuration, such as its patience. */
  static forRoot(overrides: Partial<DatabaseSettings> = {}): DynamicModule {
    return {
      module: DatabaseSettingsModule,
      providers: [
        {
          provide: DATABASE_SETTINGS,
          inject: [Configuration],
          useFactory: (configuration: Configuration) => ({
            ...databaseSettingsOf(configuration),
            ...overrides,
          }),
        },
      ],
      exports: [DATABASE_SETTINGS],
    };
  }
}
