import type { Command } from 'commander';
import { LimitsService } from '../../limits/rules/limits.service.js';
import type { CliContext } from '../cli-context.js';
import { registerLimitsListCommand } from './limits-list.command.js';
import { registerLimitsQueueCommand } from './limits-queue.command.js';
import { registerLimitsSetCommand } from './limits-set.command.js';

export function registerLimitsCommand(program: Command, context: CliContext): void {
  const limits = program.command('limits').description('how fast clients, keys and others may go');
  registerLimitsListCommand(limits, context);
  registerLimitsSetCommand(limits, context);
  limits
    .command('remove')
    .description('lift a limit')
    .argument('<id>', 'as in limits list')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      await context.withApplication((application) => application.get(LimitsService).remove(id));
      if (options.json) return context.output.json({ id });
      context.output.line(`Limit ${id} is lifted.`);
    });
  registerLimitsQueueCommand(limits, context);
}
