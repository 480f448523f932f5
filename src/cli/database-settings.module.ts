import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from '../database/database-settings.js';

export function databaseSettingsOf({ environment }: Configuration): DatabaseSettings {
  return {
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    synchronous: environment.sqliteSynchronous,
    maxQueuedWrites: environment.ledgerMaxQueuedWrites,
    redisUrl: environment.redisUrl,
  };
}

/** Binds the settings of the database to the configuration, apart from `overrides`. */
@Global()
@Module({})
export class DatabaseSettingsModule {
  static forRoot(overrides: Partial<DatabaseSettings> = {}): DynamicModule {
    const useFactory = (configuration: Configuration): DatabaseSettings => ({
      ...databaseSettingsOf(configuration),
      ...overrides,
    });
    return {
      module: DatabaseSettingsModule,
      providers: [{ provide: DATABASE_SETTINGS, inject: [Configuration], useFactory }],
      exports: [DATABASE_SETTINGS],
    };
  }
}
