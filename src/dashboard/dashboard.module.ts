import { Module } from '@nestjs/common';
import { ClientsApiModule } from './clients/clients-api.module.js';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { ModelsApiModule } from './models/models-api.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';

/** Everything under `/api`: what people see and steer, in the page and by automation. */
@Module({
  imports: [ClientsApiModule, LimitsApiModule, ModelsApiModule, ProvidersApiModule, UsageApiModule],
})
export class DashboardModule {}
