import type { Command } from 'commander';
import { limitView } from '../../dashboard/limits/limit.view.js';
import { LimitsService } from '../../limits/rules/limits.service.js';
import type { CliContext } from '../cli-context.js';
import { subjectNames } from '../subject-options.js';

export function registerLimitsListCommand(limits: Command, context: CliContext): void {
  limits
    .command('list')
    .description('all limits, those of the configuration file too')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { found, nameOf } = await context.withApplication(async (application) => ({
        found: await application.get(LimitsService).list(),
        nameOf: await subjectNames(application),
      }));
      if (options.json) return context.output.json(found.map(limitView));
      context.output.table(
        ['ID', 'SCOPE', 'OF', 'ENDPOINT', 'REQUESTS/MIN', 'TOKENS/MIN', 'CONCURRENT', 'SOURCE'],
        found.map((limit) => [
          limit.id,
          limit.scope,
          nameOf(limit),
          limit.endpoint ?? '',
          ...[limit.requestsPerMinute, limit.tokensPerMinute, limit.maxConcurrent].map((figure) =>
            figure === undefined ? '' : String(figure),
          ),
          limit.source,
        ]),
      );
    });
}
