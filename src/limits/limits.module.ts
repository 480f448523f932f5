import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { Budgets } from './budgets/budgets.js';
import { LimitAdmission } from './rates/limit-admission.js';
import { LimitPlans } from './rates/limit-plans.js';
import { LIMIT_STORE_PROVIDER } from './rates/limit-store.provider.js';
import { LiveProcesses } from './rates/live-processes.js';
import { ProviderGate } from './rates/provider-gate.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';

@Module({
  imports: [CatalogModule],
  providers: [
    LimitRules,
    LiveProcesses,
    LIMIT_STORE_PROVIDER,
    LimitPlans,
    LimitAdmission,
    RateLimits,
    ProviderGate,
    Budgets,
  ],
  exports: [LimitRules, RateLimits, ProviderGate, Budgets],
})
export class LimitsModule {}
