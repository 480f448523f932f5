import { Module } from '@nestjs/common';
import { BodyLog } from './bodies/body-log.js';
import { BodyReader } from './bodies/body-reader.js';
import { BodyRetention } from './bodies/body-retention.service.js';
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
    BodyLog,
    BodyReader,
    BodyRetention,
    LastUse,
    ProviderHours,
  ],
  exports: [
    BodyLog,
    BodyReader,
    BodyRetention,
    LastUse,
    Ledger,
    LedgerCheck,
    ProviderHours,
    TokenEstimator,
    UsageExport,
  ],
})
export class UsageModule {}
