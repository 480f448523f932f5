import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { registerKeysCreateCommand } from './keys-create.command.js';
import { registerKeysListCommand } from './keys-list.command.js';
import { registerKeysRevokeCommand } from './keys-revoke.command.js';
import { registerKeysRotateCommand } from './keys-rotate.command.js';

export function registerKeysCommand(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('API keys of clients');
  registerKeysCreateCommand(keys, context);
  registerKeysListCommand(keys, context);
  registerKeysRotateCommand(keys, context);
  registerKeysRevokeCommand(keys, context);
}
