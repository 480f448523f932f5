import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { BaseUrlCheck } from './base-url-check.js';
import { masterKeyCheck } from './master-key-check.js';
import { ProviderTests } from './provider-tests.js';
import { StoredLayerModule } from './stored-layer.module.js';
import { StoredModels } from './stored-models.service.js';
import { StoredProviders } from './stored-providers.service.js';
import { StoredReader } from './stored-reader.js';
import { StoredWriter } from './stored-writer.js';

/** Providers, routes and prices as people set them, for the server. */
@Module({
  imports: [ProvidersModule, StoredLayerModule],
  providers: [
    masterKeyCheck,
    BaseUrlCheck,
    ProviderTests,
    StoredModels,
    StoredProviders,
    StoredReader,
    StoredWriter,
  ],
  exports: [BaseUrlCheck, ProviderTests, StoredModels, StoredProviders, StoredReader],
})
export class ProvisioningModule {}
