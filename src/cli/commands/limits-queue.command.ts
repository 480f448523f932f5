import type { Command } from 'commander';
import { ClientsService } from '../../clients/clients.service.js';
import type { CliContext } from '../cli-context.js';
import { parseQueueTime } from '../figure-arguments.js';
import { resolveSubject } from '../subject-options.js';

export function registerLimitsQueueCommand(limits: Command, context: CliContext): void {
  limits
    .command('queue')
    .description('let requests of a client that meet a limit wait for their turn')
    .requiredOption('--client <name>', 'whose requests')
    .requiredOption('--up-to <time>', 'such as 10s; 0 refuses them at once', parseQueueTime)
    .option('--json', 'print JSON')
    .action(async ({ client, upTo, json }: { client: string; upTo: number; json?: boolean }) => {
      const { name, queueMs } = await context.withApplication(async (application) => {
        const { scopeId } = await resolveSubject(application, { client }, ['client']);
        return application.get(ClientsService).update(scopeId, { queueMs: upTo });
      });
      const onLimit = queueMs === 0 ? 'reject' : 'queue';
      if (json) return context.output.json({ client: name, onLimit, queueMs });
      context.output.line(
        queueMs === 0
          ? `Requests of ${name} that meet a limit are refused at once.`
          : `Requests of ${name} that meet a limit wait up to ${queueMs} ms.`,
      );
    });
}
