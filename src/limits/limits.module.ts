import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ManagedClientsModule } from '../clients/managed-clients.module.js';
import { BudgetsController } from './api/budgets.controller.js';
import { LimitsController } from './api/limits.controller.js';
import { OnLimitController } from './api/on-limit.controller.js';
import { BudgetBalances } from './budgets/budget-balances.js';
import { Budgets } from './budgets/budgets.js';
import { LedgerBalances } from './budgets/ledger-balances.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';
import { RulesModule } from './rules/rules.module.js';
import { RulesRefresh } from './rules/rules-refresh.js';

@Module({
  // The clients of the file are stored before their rules are read: what is imported starts first.
  imports: [CatalogModule, ClientsModule, ManagedClientsModule, RulesModule],
  controllers: [LimitsController, BudgetsController, OnLimitController],
  providers: [
    LimitRules,
    RulesRefresh,
    RateLimits,
    Budgets,
    { provide: BudgetBalances, useClass: LedgerBalances },
  ],
  exports: [LimitRules, RateLimits, Budgets],
})
export class LimitsModule {}
