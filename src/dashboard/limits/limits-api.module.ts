import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { LimitsModule } from '../../limits/limits.module.js';
import { RulesModule } from '../../limits/rules/rules.module.js';
import { BudgetsController } from './budgets.controller.js';
import { LimitsController } from './limits.controller.js';
import { OnLimitController } from './on-limit.controller.js';

@Module({
  imports: [ClientsModule, LimitsModule, RulesModule],
  controllers: [LimitsController, BudgetsController, OnLimitController],
})
export class LimitsApiModule {}
