import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { Backups } from './backup/backups.service.js';
import { HealthController } from './health.controller.js';
import { Overload } from './overload/overload.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessFigures } from './metrics/process-figures.js';
import { ProviderReport } from './provider-report.js';
import { Readiness } from './readiness.js';
import { DatabaseSizes } from './system/database-size.js';
import { ProcessSample } from './system/process-sample.js';
import { SystemHealthService } from './system/system-health.service.js';
import { UsageModule } from '../usage/usage.module.js';
import { VersionController } from './version.controller.js';

@Module({
  imports: [AuthModule, FiguresModule, ProvidersModule, RoutingModule, UsageModule],
  controllers: [HealthController, MetricsController, VersionController],
  providers: [
    Readiness,
    ProviderReport,
    ProcessFigures,
    ProcessSample,
    Overload,
    DatabaseSizes,
    SystemHealthService,
    Backups,
  ],
  exports: [Overload, ProcessSample, SystemHealthService, Backups],
})
export class OperationsModule {}
