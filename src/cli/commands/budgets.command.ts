import type { Command } from 'commander';
import { BudgetsService } from '../../limits/rules/budgets.service.js';
import type { CliContext } from '../cli-context.js';
import { registerBudgetsListCommand } from './budgets-list.command.js';
import { registerBudgetsSetCommand } from './budgets-set.command.js';

export function registerBudgetsCommand(program: Command, context: CliContext): void {
  const budgets = program
    .command('budgets')
    .description('how much clients, keys and others may cost');
  registerBudgetsListCommand(budgets, context);
  registerBudgetsSetCommand(budgets, context);
  budgets
    .command('remove')
    .description('lift a budget')
    .argument('<id>', 'as in budgets list')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      await context.withApplication((application) => application.get(BudgetsService).remove(id));
      if (options.json) return context.output.json({ id });
      context.output.line(`Budget ${id} is lifted.`);
    });
}
