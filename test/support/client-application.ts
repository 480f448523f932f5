import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArgumentsHost, Catch, type ExceptionFilter, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import { TEST_MASTER_KEY } from './test-environment.js';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { AUTH_ENTITIES } from '../../src/auth/auth-entities.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { DatabaseSettingsModule } from '../../src/database/database-settings.module.js';
import { CLIENT_ENTITIES } from '../../src/clients/client-entities.js';
import { ManagedClientsModule } from '../../src/clients/managed-clients.module.js';
import { ApiError } from '../../src/common/errors/api-error.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { Configuration } from '../../src/config/configuration.js';
import { DatabaseModule } from '../../src/database/database.module.js';

export const TEST_PEPPER = 'pepper-for-tests-0123456789-0123456789';
const TEST_JWT_SECRET = 'secret-of-sessions-for-tests-0123456789';

/** A data folder of its own and the environment that names it. */
export async function temporaryInstallation(
  overrides: Record<string, string> = {},
): Promise<{ env: Record<string, string>; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-clients-'));
  return {
    env: {
      DATA_DIR: dataDir,
      KEY_PEPPER: TEST_PEPPER,
      JWT_SECRET: TEST_JWT_SECRET,
      ENCRYPTION_KEY: TEST_MASTER_KEY,
      ...overrides,
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

@Catch(ApiError)
class ApiErrorFilter implements ExceptionFilter {
  catch(error: ApiError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    response.status(error.status).json({ error: { code: error.code, message: error.message } });
  }
}

/** A server with clients, keys and the guard, before it listens. Several may share an installation. */
export async function createClientApplication(
  env: Record<string, string>,
  controllers: Type[] = [],
): Promise<NestExpressApplication> {
  const configuration = await Configuration.open(env);
  class TestModule {}
  const application = await NestFactory.create<NestExpressApplication>(
    {
      module: TestModule,
      controllers,
      imports: [
        ConfigModule.forRoot({ configuration }),
        DatabaseModule.forRoot({
          entities: [AuditEntry, ...AUTH_ENTITIES, ...CLIENT_ENTITIES],
          imports: [DatabaseSettingsModule.forRoot()],
        }),
        AuditModule,
        AuthModule,
        ManagedClientsModule,
      ],
    },
    { logger: false, abortOnError: false },
  );
  application.useGlobalFilters(new ApiErrorFilter());
  return application;
}

/** Listens on 127.0.0.1 and gives the URL without a trailing slash. */
export async function listen(application: NestExpressApplication): Promise<string> {
  await application.listen(0, '127.0.0.1');
  const { port } = application.getHttpServer().address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
