import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { VersionController } from './version.controller.js';

@Module({
  controllers: [HealthController, VersionController],
  providers: [Readiness],
})
export class OperationsModule {}
