import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { BreakerController } from './api/breaker.controller.js';
import { ModelRefresh } from './model-refresh.service.js';
import { RetryPolicy } from './retry-policy.service.js';
import { Router } from './router.service.js';

@Module({
  imports: [CatalogModule, ProvidersModule],
  controllers: [BreakerController],
  providers: [Router, RetryPolicy, ModelRefresh],
  exports: [Router],
})
export class RoutingModule {}
