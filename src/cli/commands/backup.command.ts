import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { sqliteFileOf } from '../../database/data-source-options.js';
import { databaseSettingsOf } from '../../database/database-settings.module.js';
import { copyDatabase } from '../../operations/backup/copy-database.js';
import { problemOf, restoreDatabase } from '../../operations/backup/restore-database.js';
import { verifyCopy } from '../../operations/backup/verify-copy.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../describe-failure.js';

export function registerBackupCommand(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('write a consistent copy of the database, beside a running server')
    .argument('<file>', 'where to; it must not exist')
    .action(async (file: string) => {
      const database = await databaseFile(context, 'pg_dump');
      const target = resolve(file);
      if (await exists(target)) throw new CliError(`${file} exists already.`);
      await copyDatabase(database, target);
      const verdict = await verifyCopy(target);
      if (!verdict.ok) throw new CliError(`The copy is not good: ${problemOf(verdict)}.`);
      context.output.line(`The database was copied to ${file} and the copy verified.`);
    });
}

export function registerRestoreCommand(program: Command, context: CliContext): void {
  program
    .command('restore')
    .description('put a backup in the place of the database; no server may run on it')
    .argument('<file>', 'a backup')
    .option('--verify', 'also print what was looked at in it')
    .action(async (file: string, { verify = false }: { verify?: boolean }) => {
      const database = await databaseFile(context, 'pg_restore');
      const { verdict, kept } = await restoreDatabase(resolve(file), database);
      if (verify) {
        const rows = verdict.invariants.map(({ name, says, checked, violations }) => [
          `${name} ${says}`,
          String(checked),
          String(violations),
        ]);
        context.output.table(['INVARIANT', 'CHECKED', 'VIOLATIONS'], rows);
      }
      context.output.line(`The backup ${file} was verified and is the database now.`);
      if (kept !== undefined) context.output.line(`What was there before is kept as ${kept}.`);
    });
}

async function databaseFile(context: CliContext, tool: string): Promise<string> {
  const file = sqliteFileOf(databaseSettingsOf(await context.openConfiguration()));
  if (file !== undefined) return file;
  throw new CliError(`The database is PostgreSQL: use ${tool}.`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
