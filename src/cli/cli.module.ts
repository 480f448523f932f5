import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { AuditModule } from '../audit/audit.module.js';
import { AUTH_ENTITIES } from '../auth/auth-entities.js';
import { CLIENT_ENTITIES } from '../clients/client-entities.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { Configuration } from '../config/configuration.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { BudgetBalances } from '../limits/budgets/budget-balances.js';
import { BudgetPools } from '../limits/budgets/budget-pools.js';
import { GrantBalances } from '../limits/budgets/grant-balances.js';
import { GrantLedger } from '../limits/budgets/grant-ledger.js';
import { LIMIT_ENTITIES } from '../limits/limit-entities.js';
import { LimitRules } from '../limits/rules/limit-rules.js';
import { RulesModule } from '../limits/rules/rules.module.js';
import { StoredLayerModule } from '../provisioning/stored-layer.module.js';
import { StoredObjectRow } from '../provisioning/stored-object.entity.js';
import { LedgerCheck } from '../usage/ledger-check.js';
import { PriceRecords } from '../usage/price-records.js';
import { Reconciliation } from '../usage/reconciliation/reconciliation.js';
import { Repricing } from '../usage/repricing/repricing.js';
import { UsageEntries } from '../usage/usage-entries.js';
import { DatabaseSettingsModule } from '../database/database-settings.module.js';
import { DatabaseModule } from '../database/database.module.js';

/** A command has the time to wait for its turn beside a server that writes all the time. */
const LOCK_TIMEOUT_MS = 30_000;

/** What commands work with. No server, and nothing that changes data by itself when it starts. */
@Module({})
export class CliModule {
  /** @param imports what a command needs beside that */
  static forRoot(configuration: Configuration, imports: readonly Type[] = []): DynamicModule {
    return {
      module: CliModule,
      imports: [
        ConfigModule.forRoot({ configuration }),
        DatabaseModule.forRoot({
          entities: [
            AuditEntry,
            ...AUTH_ENTITIES,
            ...CLIENT_ENTITIES,
            ...LIMIT_ENTITIES,
            StoredObjectRow,
          ],
          imports: [DatabaseSettingsModule.forRoot({ lockTimeoutMs: LOCK_TIMEOUT_MS })],
        }),
        AuditModule,
        ClientsModule,
        RulesModule,
        StoredLayerModule,
        CatalogModule,
        ...imports,
      ],
      providers: [
        LedgerCheck,
        PriceRecords,
        UsageEntries,
        Repricing,
        Reconciliation,
        LimitRules,
        BudgetPools,
        GrantLedger,
        { provide: BudgetBalances, useClass: GrantBalances },
      ],
    };
  }
}
