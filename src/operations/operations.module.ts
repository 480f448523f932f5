import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Overload } from './overload/overload.js';
import { Readiness } from './readiness.js';
import { VersionController } from './version.controller.js';

@Module({
  controllers: [HealthController, VersionController],
  providers: [Readiness, Overload],
  exports: [Overload],
})
export class OperationsModule {}
