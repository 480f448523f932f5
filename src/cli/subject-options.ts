import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { ClientsService } from '../clients/clients.service.js';
import type { LimitScope } from '../limits/rules/limit-rule.js';
import { CliError } from './describe-failure.js';

/** Whom a command is about, as it is written on the command line. */
export interface SubjectOptions {
  global?: boolean;
  client?: string;
  key?: string;
  provider?: string;
  model?: string;
}

interface Subject<Scope> {
  readonly scope: Scope;
  readonly scopeId: string;
}

export function addSubjectOptions(command: Command, scopes: readonly LimitScope[]): Command {
  command
    .option('--global', 'everything together')
    .option('--client <name>', 'all keys of one client')
    .option('--key <id>', 'one key, as in keys list')
    .option('--provider <name>', 'what is sent to one provider instance');
  return scopes.includes('model')
    ? command.option('--model <name>', 'one model, by public name or instance/model')
    : command;
}

/** Throws `CliError` when not exactly one is named, or the client does not exist. */
export async function resolveSubject<Scope extends LimitScope>(
  application: INestApplicationContext,
  options: SubjectOptions,
  scopes: readonly Scope[],
): Promise<Subject<Scope>> {
  const named = scopes.filter((scope) => options[scope] !== undefined);
  const [scope] = named;
  if (scope === undefined || named.length > 1) {
    throw new CliError(`Give one of ${scopes.map((each) => `--${each}`).join(', ')}.`);
  }
  const value = options[scope];
  if (typeof value !== 'string') return { scope, scopeId: '' };
  if (scope !== 'client') return { scope, scopeId: value };
  const client = await application.get(ClientsService).findByName(value);
  if (client === undefined) throw new CliError('There is no client of this name.');
  return { scope, scopeId: client.id };
}

/** What to call a subject in a table: a client by its name. */
export async function subjectNames(
  application: INestApplicationContext,
): Promise<(subject: Subject<LimitScope>) => string> {
  const clients = await application.get(ClientsService).list();
  const names = new Map(clients.map(({ id, name }) => [id, name]));
  return ({ scope, scopeId }) => (scope === 'client' ? (names.get(scopeId) ?? scopeId) : scopeId);
}
