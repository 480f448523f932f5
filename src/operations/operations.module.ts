import { Module } from '@nestjs/common';
import { FiguresModule } from '../common/metrics/figures.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessFigures } from './metrics/process-figures.js';
import { Readiness } from './readiness.js';
import { VersionController } from './version.controller.js';

@Module({
  imports: [FiguresModule],
  controllers: [HealthController, MetricsController, VersionController],
  providers: [Readiness, ProcessFigures],
})
export class OperationsModule {}
