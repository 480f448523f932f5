import { Module } from '@nestjs/common';
import { AuthApiModule } from './auth/auth-api.module.js';
import { ClientsApiModule } from './clients/clients-api.module.js';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { ModelsApiModule } from './models/models-api.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';
import { UsersApiModule } from './users/users-api.module.js';

const RESOURCES = [
  AuthApiModule,
  UsersApiModule,
  ClientsApiModule,
  LimitsApiModule,
  ProvidersApiModule,
  ModelsApiModule,
  UsageApiModule,
];

/** Everything under `/api`: what people see and steer, in the page and by automation. */
@Module({ imports: RESOURCES })
export class DashboardModule {}
