import type { Command } from 'commander';
import { formatUsd } from '../../common/money/format-usd.js';
import { budgetView } from '../../dashboard/limits/budget.view.js';
import { type BudgetBalance, BudgetBalances } from '../../limits/budgets/budget-balances.js';
import { BudgetsService } from '../../limits/rules/budgets.service.js';
import type { CliContext } from '../cli-context.js';
import { isoTime } from '../print-key.js';
import { subjectNames } from '../subject-options.js';

export function registerBudgetsListCommand(budgets: Command, context: CliContext): void {
  budgets
    .command('list')
    .description('all budgets and where they stand, those of the configuration file too')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { found, nameOf } = await context.withApplication(async (application) => {
        const rules = await application.get(BudgetsService).list();
        const balances = await application.get(BudgetBalances).of(rules);
        return {
          found: rules.map((rule) => ({ rule, balance: balances.get(rule.id) as BudgetBalance })),
          nameOf: await subjectNames(application),
        };
      });
      if (options.json) {
        return context.output.json(found.map(({ rule, balance }) => budgetView(rule, balance)));
      }
      context.output.table(
        ['ID', 'SCOPE', 'OF', 'USD', 'SPENT', 'RESERVED', 'PERIOD', 'RESETS', 'SOURCE'],
        found.map(({ rule, balance }) => [
          rule.id,
          rule.scope,
          nameOf(rule),
          formatUsd(rule.limitNanoUsd),
          formatUsd(balance.spentNanoUsd),
          formatUsd(balance.reservedNanoUsd),
          `${rule.period} ${rule.period === 'total' ? '' : rule.timeZone}`.trimEnd(),
          isoTime(balance.resetsAt) ?? 'never',
          rule.source,
        ]),
      );
    });
}
