import type { Command } from 'commander';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import type { CliContext } from '../cli-context.js';
import { isoTime } from '../print-key.js';

export function registerKeysRevokeCommand(keys: Command, context: CliContext): void {
  keys
    .command('revoke')
    .description('refuse a key from now on, everywhere')
    .argument('<id>', 'the public part of the key, as in keys list')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      const revoked = await context.withApplication((application) =>
        application.get(ApiKeysService).revoke(id),
      );
      if (options.json) {
        const { clientName, revokedAt } = revoked;
        return context.output.json({ id, client: clientName, revokedAt: isoTime(revokedAt) });
      }
      context.output.line(`Key ${id} of client ${revoked.clientName} is revoked.`);
    });
}
