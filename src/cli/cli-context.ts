import { userInfo } from 'node:os';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { actAs } from '../audit/acting.js';
import { Configuration } from '../config/configuration.js';
import type { EnvironmentSource } from '../config/environment.js';
import { CliModule } from './cli.module.js';
import type { Output } from './output.js';

/** What a command is given: where to write and how to reach the installation. */
export class CliContext {
  constructor(
    readonly output: Output,
    /** In place of the environment of the process; for tests. */
    private readonly environment?: EnvironmentSource,
  ) {}

  /** Throws `ConfigurationError`. */
  async openConfiguration(): Promise<Configuration> {
    return Configuration.open(this.environment);
  }

  /**
   * Runs `work` on the installation's database, beside a running server. The application is closed
   * before the result is given, so nothing keeps the process alive.
   * @param imports modules that this command needs beside those of every one
   */
  async withApplication<T>(
    work: (application: INestApplicationContext) => Promise<T>,
    imports: readonly Type[] = [],
  ): Promise<T> {
    const module = CliModule.forRoot(await this.openConfiguration(), imports);
    const application = await NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
    });
    try {
      return await actAs({ kind: 'cli', id: '', name: userInfo().username, role: 'admin' }, () =>
        work(application),
      );
    } finally {
      await application.close();
    }
  }
}
