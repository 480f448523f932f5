import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { UsageQueriesModule } from '../../usage/queries/usage-queries.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { ClientUsageController } from './client-usage.controller.js';
import { RequestDesk } from './request-desk.js';
import { RequestsController } from './requests.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageExportController } from './usage-export.controller.js';

@Module({
  imports: [ClientsModule, UsageModule, UsageQueriesModule],
  controllers: [ClientUsageController, UsageController, RequestsController, UsageExportController],
  providers: [RequestDesk],
})
export class UsageApiModule {}
