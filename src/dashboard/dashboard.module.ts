import { Module } from '@nestjs/common';
import { AuditApiModule } from './audit/audit-api.module.js';
import { ClientsApiModule } from './clients/clients-api.module.js';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { LiveApiModule } from './live/live-api.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { SystemApiModule } from './system/system-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';

/** Everything under `/api`: what people see and steer, in the page and by automation. */
@Module({
  imports: [
    AuditApiModule,
    ClientsApiModule,
    LimitsApiModule,
    LiveApiModule,
    ProvidersApiModule,
    SystemApiModule,
    UsageApiModule,
  ],
})
export class DashboardModule {}
