import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { Budgets } from './budgets/budgets.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { LimitFigures } from './rates/limit-figures.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';

@Module({
  imports: [CatalogModule, FiguresModule],
  providers: [LimitRules, RateLimits, LimitFigures, Budgets],
  exports: [LimitRules, RateLimits, Budgets],
})
export class LimitsModule {}
