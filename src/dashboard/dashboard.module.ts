import { Module } from '@nestjs/common';
import { ClientsApiModule } from './clients/clients-api.module.js';
import { AuthApiModule } from './auth/auth-api.module.js';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';
import { UsersApiModule } from './users/users-api.module.js';

/** Everything under `/api`: what people see and steer, in the page and by automation. */
@Module({ imports: [ClientsApiModule, LimitsApiModule, ProvidersApiModule, UsageApiModule] })
@Module({
  imports: [AuthApiModule, LimitsApiModule, ProvidersApiModule, UsageApiModule, UsersApiModule],
})
export class DashboardModule {}
