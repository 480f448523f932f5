import type { Command } from 'commander';
import type { ApiKeyView } from '../../clients/api-key-view.js';
import { ApiKeysService } from '../../clients/api-keys.service.js';
import { ClientsService } from '../../clients/clients.service.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';
import { isoTime } from '../print-key.js';

interface Options {
  client?: string;
  json?: boolean;
}

export function registerKeysListCommand(keys: Command, context: CliContext): void {
  keys
    .command('list')
    .description('all keys, revoked and expired ones too; never the keys themselves')
    .option('--client <name>', 'only those of one client')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const found = await context.withApplication(async (application) => {
        const clientId =
          options.client === undefined
            ? undefined
            : await getClientId(application.get(ClientsService), options.client);
        return application.get(ApiKeysService).list({ clientId });
      });
      if (options.json) return context.output.json(found.map(toJson));
      context.output.table(
        ['ID', 'CLIENT', 'ROLE', 'STATUS', 'SOURCE', 'CREATED', 'EXPIRES'],
        found.map(toCells),
      );
    });
}

async function getClientId(clients: ClientsService, name: string): Promise<string> {
  const client = await clients.findByName(name);
  if (client === undefined) throw new CliError('There is no client of this name.');
  return client.id;
}

function toJson(key: ApiKeyView) {
  return {
    id: key.id,
    client: key.clientName,
    role: key.role,
    status: key.status,
    source: key.source,
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTime(key.expiresAt),
    revokedAt: isoTime(key.revokedAt),
  };
}

function toCells(key: ApiKeyView): string[] {
  return [
    key.id,
    key.clientName,
    key.role,
    key.status,
    key.source,
    isoTime(key.createdAt) ?? '',
    isoTime(key.expiresAt) ?? 'never',
  ];
}
