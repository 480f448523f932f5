import { Global, Module } from '@nestjs/common';
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
@Module({
  providers: [
    { provide: DATABASE_SETTINGS, inject: [Configuration], useFactory: databaseSettingsOf },
  ],
  exports: [DATABASE_SETTINGS],
})
export class DatabaseSettingsModule {}
