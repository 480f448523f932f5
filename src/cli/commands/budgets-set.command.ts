import type { Command } from 'commander';
import type { BudgetPeriod, BudgetRule } from '../../limits/rules/budget-rule.js';
import { BudgetsService } from '../../limits/rules/budgets.service.js';
import type { CliContext } from '../cli-context.js';
import {
  parsePercents,
  parsePeriod,
  parseTimeZone,
  parseUsdArgument,
} from '../figure-arguments.js';
import { addSubjectOptions, resolveSubject, type SubjectOptions } from '../subject-options.js';

const SCOPES = ['global', 'client', 'key', 'provider'] as const;

interface Options extends SubjectOptions {
  /** Nano-USD. */
  usd: number;
  period: BudgetPeriod;
  timeZone?: string;
  alerts?: number[];
  json?: boolean;
}

export function registerBudgetsSetCommand(budgets: Command, context: CliContext): void {
  addSubjectOptions(budgets.command('set'), SCOPES)
    .description('bound what one subject may cost, in place of its budget of the same period')
    .requiredOption('--usd <amount>', 'such as 5.00; 0 allows nothing that costs', parseUsdArgument)
    .requiredOption('--period <period>', 'total, day, week or month', parsePeriod)
    .option('--time-zone <name>', 'whose midnight begins a period (default: UTC)', parseTimeZone)
    .option('--alerts <percents>', 'told when they are reached (default: 80,100)', parsePercents)
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const budget = await context.withApplication(async (application) =>
        application.get(BudgetsService).put({
          ...(await resolveSubject(application, options, SCOPES)),
          limitNanoUsd: options.usd,
          period: options.period,
          timeZone: options.timeZone,
          alertPercents: options.alerts,
        }),
      );
      if (options.json) return context.output.json(toJson(budget));
      context.output.line(`Budget ${budget.id} is in force.`);
    });
}

function toJson({ limitNanoUsd, alertPercents, ...rest }: BudgetRule) {
  return { ...rest, limitNanoUsd: String(limitNanoUsd), alerts: alertPercents };
}
