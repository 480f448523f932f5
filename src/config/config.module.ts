import { Module, type DynamicModule } from '@nestjs/common';
import { Configuration } from './configuration.js';
import type { EnvironmentSource } from './environment.js';

export interface ConfigModuleOptions {
  /** In place of the process's environment, `.env` and the default file; for tests. */
  readonly env?: EnvironmentSource;
  /** One that was opened before, because something outside Nest needed it first. */
  readonly configuration?: Configuration;
}

/** Gives `Configuration` to everybody. */
@Module({})
export class ConfigModule {
  static forRoot(options: ConfigModuleOptions = {}): DynamicModule {
    const useFactory = async () => {
      const configuration = options.configuration ?? (await Configuration.open(options.env));
      configuration.logWarnings();
      return configuration;
    };
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Configuration, useFactory }],
      exports: [Configuration],
    };
  }
}
