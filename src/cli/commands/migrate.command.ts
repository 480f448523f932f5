import type { Command } from 'commander';
import { migrate } from '../../database/migrate.js';
import type { CliContext } from '../cli-context.js';
import { databaseSettingsOf } from '../../database/database-settings.module.js';

export function registerMigrateCommand(program: Command, context: CliContext): void {
  program
    .command('migrate')
    .description('bring the database up to this version, as each start does')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print JSON')
    .action(async (options: { dryRun?: boolean; json?: boolean }) => {
      const settings = databaseSettingsOf(await context.openConfiguration());
      const report = await migrate(settings, { dryRun: options.dryRun ?? false });
      if (options.json) return context.output.json(report);
      for (const name of report.applied) context.output.line(`applied ${name}`);
      for (const name of report.pending) context.output.line(`pending ${name}`);
      if (report.applied.length + report.pending.length > 0) return;
      context.output.line('The database is up to date.');
    });
}
