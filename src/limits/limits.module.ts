import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { BudgetAlerts } from './budgets/budget-alerts.js';
import { BudgetBalances } from './budgets/budget-balances.js';
import { GrantBalances } from './budgets/grant-balances.js';
import { BudgetPools } from './budgets/budget-pools.js';
import { Budgets } from './budgets/budgets.js';
import { GrantLedger } from './budgets/grant-ledger.js';
import { LearnedSizes } from './budgets/learned-sizes.js';
import { Treasury } from './budgets/treasury.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';

@Module({
  imports: [CatalogModule],
  providers: [
    LimitRules,
    RateLimits,
    Budgets,
    BudgetAlerts,
    { provide: BudgetBalances, useClass: GrantBalances },
    BudgetPools,
    GrantLedger,
    LearnedSizes,
    Treasury,
  ],
  exports: [LimitRules, RateLimits, Budgets, BudgetAlerts, BudgetBalances],
})
export class LimitsModule {}
