import { Module } from '@nestjs/common';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { UsageFigures } from './figures/usage-figures.js';
import { TokenEstimator } from './estimation/token-estimator.js';
import { LateEntries } from './late-entries.js';
import { PriceRecords } from './price-records.js';
import { LedgerCheck } from './ledger-check.js';
import { Ledger } from './ledger.js';
import { Recovery } from './recovery.service.js';
import { LastUse } from './rollups/last-use.js';
import { ProviderHours } from './rollups/provider-hours.js';
import { Retention } from './retention/retention.service.js';
import { UsageEntries } from './usage-entries.js';
import { UsageExport } from './usage-export.js';

@Module({
  imports: [CatalogModule, FiguresModule],
  providers: [
    Ledger,
    LateEntries,
    UsageFigures,
    TokenEstimator,
    PriceRecords,
    UsageEntries,
    UsageExport,
    LedgerCheck,
    Recovery,
    Retention,
    LastUse,
    ProviderHours,
  ],
  exports: [Ledger, LedgerCheck, LastUse, ProviderHours, TokenEstimator, UsageExport],
})
export class UsageModule {}
