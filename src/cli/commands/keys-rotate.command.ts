import type { Command } from 'commander';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import { parseDurationArgument, parseLifetimeArgument } from '../arguments.js';
import type { CliContext } from '../cli-context.js';
import { expiryAfter, printCreatedKey } from '../print-key.js';

interface Options {
  overlap?: number;
  expiresIn?: number | null;
  json?: boolean;
}

export function registerKeysRotateCommand(keys: Command, context: CliContext): void {
  keys
    .command('rotate')
    .description('make the successor of a key, which stays good for a while')
    .argument('<id>', 'the public part of the key, as in keys list')
    .option('--overlap <time>', 'how long, 0 for not at all (default: 24h)', parseDurationArgument)
    .option('--expires-in <time>', 'end of the successor, or never', parseLifetimeArgument)
    .option('--json', 'print JSON')
    .action(async (id: string, options: Options) => {
      const { expiresIn } = options;
      const rotated = await context.withApplication((application) =>
        application.get(ApiKeysService).rotate(id, {
          overlapMs: options.overlap,
          expiresAt: expiresIn === undefined ? undefined : expiryAfter(expiresIn),
        }),
      );
      printCreatedKey(context.output, rotated, options);
    });
}
