import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ManagedClientsModule } from '../clients/managed-clients.module.js';
import { Budgets } from './budgets/budgets.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';
import { RulesModule } from './rules/rules.module.js';
import { RulesRefresh } from './rules/rules-refresh.js';

@Module({
  // The clients of the file are stored before their rules are read: what is imported starts first.
  imports: [CatalogModule, ManagedClientsModule, RulesModule],
  providers: [LimitRules, RulesRefresh, RateLimits, Budgets],
  exports: [LimitRules, RateLimits, Budgets],
})
export class LimitsModule {}
