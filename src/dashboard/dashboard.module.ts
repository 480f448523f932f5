import { Module } from '@nestjs/common';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { OpenapiModule } from './openapi/openapi.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';
import { WebModule } from './web/web.module.js';

/** Everything under `/api`: what people see and steer, by automation and in the page, which is here too. */
@Module({
  imports: [
    LimitsApiModule,
    ProvidersApiModule,
    UsageApiModule,
    OpenapiModule,
    // Last, because it takes every address that is left.
    WebModule,
  ],
})
export class DashboardModule {}
