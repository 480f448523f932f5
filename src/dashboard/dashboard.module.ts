import { Module } from '@nestjs/common';
import { AuditApiModule } from './audit/audit-api.module.js';
import { AuthApiModule } from './auth/auth-api.module.js';
import { ClientsApiModule } from './clients/clients-api.module.js';
import { LimitsApiModule } from './limits/limits-api.module.js';
import { LiveApiModule } from './live/live-api.module.js';
import { ModelsApiModule } from './models/models-api.module.js';
import { OpenapiModule } from './openapi/openapi.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import { SystemApiModule } from './system/system-api.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';
import { UsersApiModule } from './users/users-api.module.js';
import { WebModule } from './web/web.module.js';

const RESOURCES = [
  AuthApiModule,
  UsersApiModule,
  ClientsApiModule,
  LimitsApiModule,
  ProvidersApiModule,
  ModelsApiModule,
  UsageApiModule,
  AuditApiModule,
  LiveApiModule,
  SystemApiModule,
];

/** Everything under `/api`: what people see and steer, by automation and in the page, which is here too. */
// The page last, because it takes every address that is left.
@Module({ imports: [...RESOURCES, OpenapiModule, WebModule] })
export class DashboardModule {}
