import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ConfigModule } from './config.module.js';
import { TEST_MASTER_KEY } from '../../test/support/test-environment.js';
import { Configuration } from './configuration.js';
import { ConfigurationError } from './configuration-error.js';

@Injectable()
class Reader {
  constructor(readonly configuration: Configuration) {}
}

@Module({ providers: [Reader] })
class FeatureModule {}

const env = { KEY_PEPPER: 'p'.repeat(32), ENCRYPTION_KEY: TEST_MASTER_KEY, PORT: '4242' };

function start(options: Parameters<typeof ConfigModule.forRoot>[0]) {
  @Module({ imports: [ConfigModule.forRoot(options), FeatureModule] })
  class AppModule {}
  return NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
}

describe(ConfigModule.name, () => {
  it('gives the configuration to every module, from the environment of the test', async () => {
    const app = await start({ env });
    const { configuration } = app.get(Reader);
    expect(configuration.environment.port).toBe(4242);
    expect(configuration.isDemo).toBe(true);
    await app.close();
  });

  it('takes a configuration that was opened before, and closes it with the application', async () => {
    const configuration = await Configuration.open(env);
    const app = await start({ configuration });
    expect(app.get(Reader).configuration).toBe(configuration);
    configuration.watch();
    const ended = lastValueFrom(configuration.changes, { defaultValue: 'completed' });
    const listeners = process.listenerCount('SIGHUP');
    await app.close();
    expect(await ended).toBe('completed');
    expect(process.listenerCount('SIGHUP')).toBe(listeners - 1);
    await expect(firstValueFrom(configuration.changes)).rejects.toThrow();
  });

  it('stops the boot with every problem', async () => {
    const failure = start({ env: { ...env, PORT: 'x', LOG_LEVEL: 'loud' } });
    await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
    await expect(failure).rejects.toThrow(/PORT: must[^]*LOG_LEVEL: must/);
  });
});
