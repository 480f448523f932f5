import { Module } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { ApiKeysService } from './api-keys.service.js';
import { ClientWriter } from './client-writer.js';
import { ClientsService } from './clients.service.js';
import { CredentialsService } from './credentials.service.js';
import { DemoAccess } from './demo-access.js';
import { KeyHasher } from './key-hasher.js';

const EXPORTED = [
  ApiKeysService,
  ClientsService,
  ClientWriter,
  CredentialsService,
  DemoAccess,
  {
    provide: KeyHasher,
    inject: [Configuration],
    useFactory: (configuration: Configuration) =>
      new KeyHasher(configuration.environment.keyPepper),
  },
];

/** Clients and their keys. Changes nothing by itself, so that commands can use it anywhere. */
@Module({ providers: EXPORTED, exports: EXPORTED })
export class ClientsModule {}
