import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ManagedClientsModule } from '../clients/managed-clients.module.js';
import { AdaptiveFigures } from './adaptive/adaptive-figures.js';
import { AdaptiveLimits } from './adaptive/adaptive-limits.js';
import { BudgetAlerts } from './budgets/budget-alerts.js';
import { BudgetBalances } from './budgets/budget-balances.js';
import { GrantBalances } from './budgets/grant-balances.js';
import { BudgetPools } from './budgets/budget-pools.js';
import { Budgets } from './budgets/budgets.js';
import { GrantLedger } from './budgets/grant-ledger.js';
import { LearnedSizes } from './budgets/learned-sizes.js';
import { Treasury } from './budgets/treasury.js';
import { LimitAdmission } from './rates/limit-admission.js';
import { LimitPlans } from './rates/limit-plans.js';
import { LIMIT_STORE_PROVIDER } from './rates/limit-store.provider.js';
import { LiveProcesses } from './rates/live-processes.js';
import { LimitFigures } from './limit-figures.js';
import { ProviderGate } from './rates/provider-gate.js';
import { RateLimits } from './rates/rate-limits.js';
import { LimitRules } from './rules/limit-rules.js';
import { RulesModule } from './rules/rules.module.js';
import { RulesRefresh } from './rules/rules-refresh.js';
import { UnusualUse } from './unusual/unusual-use.js';
import { UsageHistory } from './unusual/usage-history.js';
import { UsualUseRefresh } from './unusual/usual-use-refresh.js';

@Module({
  // The clients of the file are stored before their rules are read: what is imported starts first.
  imports: [CatalogModule, FiguresModule, ClientsModule, ManagedClientsModule, RulesModule],
  providers: [
    LimitRules,
    RulesRefresh,
    LiveProcesses,
    LIMIT_STORE_PROVIDER,
    UsageHistory,
    UnusualUse,
    UsualUseRefresh,
    LimitPlans,
    LimitAdmission,
    RateLimits,
    LimitFigures,
    AdaptiveLimits,
    AdaptiveFigures,
    ProviderGate,
    Budgets,
    BudgetAlerts,
    { provide: BudgetBalances, useClass: GrantBalances },
    BudgetPools,
    GrantLedger,
    LearnedSizes,
    Treasury,
  ],
  exports: [
    LimitRules,
    RateLimits,
    ProviderGate,
    Budgets,
    BudgetAlerts,
    BudgetBalances,
    UnusualUse,
  ],
})
export class LimitsModule {}
