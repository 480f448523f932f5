import type { Command } from 'commander';
import type { CliContext } from './cli-context.js';
import { registerBackupCommand, registerRestoreCommand } from './commands/backup.command.js';
import { registerAdminCommand } from './commands/admin.command.js';
import { registerBudgetsCommand } from './commands/budgets.command.js';
import { registerConfigCommand } from './commands/config.command.js';
import { registerKeysCommand } from './commands/keys.command.js';
import { registerLedgerCommand } from './commands/ledger.command.js';
import { registerLimitsCommand } from './commands/limits.command.js';
import { registerMigrateCommand } from './commands/migrate.command.js';
import { registerReconcileCommand } from './commands/reconcile.command.js';
import { registerRekeyCommand } from './commands/rekey.command.js';
import { registerStartCommand } from './commands/start.command.js';

/** Adds a command, with its options and its action, to the program or to a group of it. */
export type RegisterCommand = (program: Command, context: CliContext) => void;

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly RegisterCommand[] = [
  registerStartCommand,
  registerMigrateCommand,
  registerKeysCommand,
  registerAdminCommand,
  registerLimitsCommand,
  registerBudgetsCommand,
  registerLedgerCommand,
  registerReconcileCommand,
  registerBackupCommand,
  registerRestoreCommand,
  registerRekeyCommand,
  registerConfigCommand,
];
