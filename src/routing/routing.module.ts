import { Module } from '@nestjs/common';
import { CLOCK, MONOTONIC_CLOCK } from '../common/clock.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { Hedging } from './hedging/hedging.service.js';
import { ModelRefresh } from './model-refresh.service.js';
import { RouteChooser } from './route-chooser.js';
import { Router } from './router.service.js';
import { Strategies } from './strategies/strategies.js';
import { TargetStats } from './targets/target-stats.js';

@Module({
  imports: [CatalogModule, ProvidersModule],
  providers: [
    Router,
    RouteChooser,
    Strategies,
    ModelRefresh,
    TargetStats,
    Hedging,
    { provide: CLOCK, useValue: MONOTONIC_CLOCK },
  ],
  exports: [Router, TargetStats, CLOCK],
})
export class RoutingModule {}
