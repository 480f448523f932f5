import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { BudgetsService } from './budgets.service.js';
import { LimitWriter } from './limit-writer.js';
import { LimitsService } from './limits.service.js';
import { RuleSources } from './rule-sources.js';

const EXPORTED = [LimitWriter, LimitsService, BudgetsService, RuleSources];

/** Limits and budgets as they are kept. Enforces nothing, so that commands can use it anywhere. */
@Module({ imports: [ClientsModule], providers: EXPORTED, exports: EXPORTED })
export class RulesModule {}
