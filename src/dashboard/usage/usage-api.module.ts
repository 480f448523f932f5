import { Module } from '@nestjs/common';
import { UsageQueriesModule } from '../../usage/queries/usage-queries.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { RequestDesk } from './request-desk.js';
import { RequestsController } from './requests.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageExportController } from './usage-export.controller.js';

@Module({
  imports: [UsageModule, UsageQueriesModule],
  controllers: [UsageController, RequestsController, UsageExportController],
  providers: [RequestDesk],
})
export class UsageApiModule {}
