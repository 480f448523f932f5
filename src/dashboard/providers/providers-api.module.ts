import { Module } from '@nestjs/common';
import { CatalogModule } from '../../catalog/catalog.module.js';
import { LimitsModule } from '../../limits/limits.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { ProvisioningModule } from '../../provisioning/provisioning.module.js';
import { RoutingModule } from '../../routing/routing.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { BreakerDesk } from './breaker-desk.js';
import { BreakerController } from './breaker.controller.js';
import { HealthDesk } from './health-desk.js';
import { PastHealth } from './past-health.js';
import { ProviderFigures } from './provider-figures.js';
import { ProviderHealthController } from './provider-health.controller.js';
import { ProviderTestsController } from './provider-tests.controller.js';
import { ProviderTypesController } from './provider-types.controller.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersDesk } from './providers-desk.js';

@Module({
  imports: [
    CatalogModule,
    LimitsModule,
    ProvidersModule,
    ProvisioningModule,
    RoutingModule,
    UsageModule,
  ],
  controllers: [
    ProviderTestsController,
    ProvidersController,
    ProviderTypesController,
    ProviderHealthController,
    BreakerController,
  ],
  providers: [BreakerDesk, ProvidersDesk, ProviderFigures, HealthDesk, PastHealth],
})
export class ProvidersApiModule {}
