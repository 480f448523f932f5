import { Module } from '@nestjs/common';
import { CLOCK, MONOTONIC_CLOCK } from '../common/clock.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { HealthFigures } from './health/health-figures.js';
import { HealthHistory } from './health/health-history.js';
import { HealthProbes } from './health/health-probes.service.js';
import { ProviderHealth } from './health/provider-health.service.js';
import { Hedging } from './hedging/hedging.service.js';
import { ModelRefresh } from './model-refresh.service.js';
import { RetryPolicy } from './retry-policy.service.js';
import { RouteChooser } from './route-chooser.js';
import { Router } from './router.service.js';
import { Strategies } from './strategies/strategies.js';
import { TargetStats } from './targets/target-stats.js';

@Module({
  imports: [CatalogModule, FiguresModule, ProvidersModule],
  providers: [
    Router,
    RouteChooser,
    RetryPolicy,
    Strategies,
    ModelRefresh,
    TargetStats,
    ProviderHealth,
    HealthProbes,
    HealthFigures,
    HealthHistory,
    Hedging,
    { provide: CLOCK, useValue: MONOTONIC_CLOCK },
  ],
  exports: [Router, TargetStats, ProviderHealth, HealthHistory, CLOCK],
})
export class RoutingModule {}
