import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { Budgets } from './budgets/budgets.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';

@Module({
  imports: [CatalogModule],
  providers: [LimitRules, RateLimits, Budgets],
  exports: [LimitRules, RateLimits, Budgets],
})
export class LimitsModule {}
