import type { Command } from 'commander';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import type { KeyRole } from '../../clients/key-role.js';
import { parseLifetimeArgument, parseListArgument, parseRoleArgument } from '../arguments.js';
import type { CliContext } from '../cli-context.js';
import { expiryAfter, printCreatedKey } from '../print-key.js';

interface Options {
  client: string;
  role: KeyRole;
  models?: string[];
  expiresIn: number | null;
  json?: boolean;
}

export function registerKeysCreateCommand(keys: Command, context: CliContext): void {
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--client <name>', 'whose key; the client is made when there is none')
    .option('--role <role>', 'client, or admin to open /api too', parseRoleArgument, 'client')
    .option(
      '--models <names>',
      'models a new client may use, e.g. fast,openai/*',
      parseListArgument,
    )
    .option('--expires-in <time>', 'such as 30d, or never', parseLifetimeArgument, null)
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const created = await context.withApplication((application) =>
        application.get(ApiKeysService).createForClientName(options.client, {
          role: options.role,
          allowedModels: options.models,
          expiresAt: expiryAfter(options.expiresIn),
        }),
      );
      printCreatedKey(context.output, created, options);
    });
}
